package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory to work in, and targets that run their commands there. */
abstract class ShellFixture {
  static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(1), Duration.ofHours(2));
  static final CommandTimings QUICK =
      new CommandTimings(Duration.ofMillis(300), Duration.ofMillis(300), 1 << 20);
  static final Duration LONG = Duration.ofMinutes(30);

  @TempDir Path home;
  Path runs;
  Path work;
  final SettableTime clock = SettableTime.withRealWaits(Attempts.SINCE);
  final RecordingLog log = new RecordingLog();
  private final List<Shell> shells = new ArrayList<>();

  @BeforeEach
  void set_up() throws Exception {
    runs = home.resolve("runs");
    work = Files.createDirectory(home.resolve("work"));
  }

  Shell shell(String command) {
    return shell(command, Map.of());
  }

  Shell shell(String command, Map<String, Secret> environment) {
    return shell(command, environment, null);
  }

  Shell shell(String command, Map<String, Secret> environment, @Nullable String user) {
    return shell(command, environment, user, SystemSpawner.get());
  }

  Shell shell(
      String command, Map<String, Secret> environment, @Nullable String user, Spawner spawner) {
    ShellConfig config =
        new ShellConfig(
            command,
            home.resolve("work"),
            runs,
            user,
            environment,
            LONG,
            Duration.ofMinutes(10),
            LIMITS);
    return closed(new Shell("shell", config, clock, QUICK, new ProcessWatcher(), () -> spawner));
  }

  /** One that is closed with the test. */
  Shell closed(Shell shell) {
    shells.add(shell);
    return shell;
  }

  @AfterEach
  void close_shells() {
    shells.forEach(Shell::close);
  }

  /** What comes of looking an attempt up that was intended where the shell is. */
  LookupResult found(Shell shell, Attempt attempt) throws Exception {
    return shell.lookUp(Attempts.in(shell.host().orElseThrow(), attempt), log);
  }

  String started(Shell shell, Attempt attempt) throws Exception {
    assertThat(Launches.launch(shell, attempt)).isInstanceOf(Verdict.Accepted.class);
    return RunId.of(attempt).toString();
  }

  End end(Shell shell, Attempt attempt) throws Exception {
    return end(shell, attempt, started(shell, attempt));
  }

  End end(Shell shell, Attempt attempt, String id) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (System.nanoTime() < until) {
      if (shell.poll(attempt, id, log) instanceof PollResult.Over(End end)) {
        return end;
      }
    }
    throw new AssertionError("not over; output so far: " + log.text());
  }

  /** Looks until the command has said something, so that it surely runs its own lines. */
  void await_output(Shell shell, Attempt attempt, String id, String text) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!log.text().contains(text)) {
      assertThat(shell.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
      assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(until);
    }
  }

  long number(String name) throws Exception {
    Path file = work.resolve(name);
    return Long.parseLong(Files.readString(file).strip());
  }

  static boolean is_alive(long pid) {
    try {
      return ProcessIdentity.Stat.of(pid).filter(stat -> !stat.isDead()).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The arguments of every process of this machine. */
  static List<String> arguments() throws IOException {
    List<String> all = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          all.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
          // it has ended since
        }
      }
    }
    return all;
  }
}
