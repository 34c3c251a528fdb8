package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.targets.Fence;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A process of its own starts a command and is killed. */
class ShellKilledTest extends ShellFixture {
  /** What runs there: starts the command and waits to be killed. */
  static final class Elsewhere {
    private Elsewhere() {}

    /** Dies, or lets its supervisor hang, where it is told to. */
    private static Fence fence(String last, Path run) {
      return () -> {
        switch (last) {
          case "before the process" -> Runtime.getRuntime().halt(137);
          case "before the claim" -> halt(run);
          default -> {}
        }
      };
    }

    private static void halt(Path run) {
      try {
        await(() -> Files.size(run.resolve("pid")) > 0);
        signal("STOP", leader(run));
        Files.createFile(run.resolve("halted"));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    public static void main(String[] arguments) throws Exception {
      Path runs = Path.of(arguments[0]).toAbsolutePath();
      Path work = Path.of(arguments[1]);
      ShellConfig config =
          new ShellConfig(
              arguments[2], work, runs, null, Map.of(), LONG, Duration.ofMinutes(10), LIMITS);
      Shell shell =
          new Shell(
              "shell",
              config,
              SettableTime.withRealWaits(Attempts.SINCE),
              QUICK,
              new ProcessWatcher(),
              SystemSpawner::get);
      Attempt attempt = Attempts.plain();
      RecordingLog heard = new RecordingLog();
      Fence fence = fence(arguments[3], runs.resolve(RunId.of(attempt).toString()));
      Launches.launch(shell, attempt, fence);
      if (arguments[3].equals("once the next one is ready")) {
        await(shell::isReady);
        Runtime.getRuntime().halt(137);
      }
      while (true) {
        shell.poll(attempt, RunId.of(attempt).toString(), heard);
        if (heard.text().contains("one")) {
          Files.writeString(work.resolve("heard"), heard.text());
        }
      }
    }
  }

  private static ProcessIdentity leader(Path run) throws IOException {
    RunId id = RunId.parse(run.getFileName().toString()).orElseThrow();
    return RunDirectory.at(run.resolveSibling(""), id).leader().orElseThrow();
  }

  private static void signal(String name, ProcessIdentity leader) throws Exception {
    assertThat(new ProcessBuilder("kill", "-s", name, "--", "-" + leader.pid()).start().waitFor())
        .isZero();
  }

  private Process slipway(String command, String last) throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Elsewhere.class.getName(),
            runs.toString(),
            work.toString(),
            command,
            last)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("said").toFile())
        .start();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(until);
      new SystemTime().sleep(Duration.ofMillis(20));
    }
  }

  private Attempt attempt() throws Exception {
    RunId id = RunDirectory.all(runs).getFirst();
    return new Attempt(
        Attempts.plain().deployment(), id.deployment(), id.run(), "shell", id.started(), null);
  }

  @Test
  void nothing_starts_after_a_kill_right_before_the_process() throws Exception {
    Process slipway = slipway("touch begun", "before the process");
    assertThat(slipway.waitFor(50, TimeUnit.SECONDS)).isTrue();
    Attempt attempt = attempt();
    await(() -> arguments().stream().noneMatch(all -> all.contains(runs.toString())));
    assertThat(found(shell("unused"), attempt)).isInstanceOf(LookupResult.NotThere.class);
    assertThat(work.resolve("begun")).doesNotExist();
  }

  @Test
  void a_process_that_survives_a_kill_starts_nothing_once_it_was_asked_about() throws Exception {
    Process slipway = slipway("touch begun", "before the claim");
    ProcessIdentity leader;
    try {
      await(() -> !RunDirectory.all(runs).isEmpty());
      Path run = runs.resolve(RunDirectory.all(runs).getFirst().toString());
      await(() -> Files.exists(run.resolve("halted")));
      leader = leader(run);
      Path order = Files.readSymbolicLink(Path.of("/proc/" + leader.pid() + "/fd/0"));
      // Closed by who has sent it
      await(() -> !open(slipway.pid()).contains(order));
    } finally {
      slipway.destroyForcibly().waitFor();
    }
    Attempt attempt = attempt();
    assertThat(found(shell("unused"), attempt)).isInstanceOf(LookupResult.NotThere.class);
    signal("CONT", leader);
    await(() -> !leader.isAlive());
    assertThat(work.resolve("begun")).doesNotExist();
    assertThat(found(shell("unused"), attempt)).isInstanceOf(LookupResult.NotThere.class);
  }

  private static List<Path> open(long process) throws IOException {
    List<Path> open = new ArrayList<>();
    try (Stream<Path> numbers = Files.list(Path.of("/proc/" + process + "/fd"))) {
      for (Path number : numbers.toList()) {
        try {
          open.add(Files.readSymbolicLink(number));
        } catch (NoSuchFileException closed) {
          // since it was listed
        }
      }
    }
    return open;
  }

  @Test
  void nothing_stays_that_waited_for_a_command_to_start() throws Exception {
    Process slipway = slipway("exit 0", "once the next one is ready");
    assertThat(slipway.waitFor(50, TimeUnit.SECONDS)).isTrue();
    await(() -> arguments().stream().noneMatch(all -> all.contains(runs.toString())));
    String run = RunDirectory.all(runs).getFirst().toString();
    try (Stream<Path> left = Files.list(runs)) {
      assertThat(left.map(file -> file.getFileName().toString())).containsExactly(run);
    }
  }

  @Test
  void a_command_outlives_a_slipway_that_is_killed() throws Exception {
    String command = "echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; exit 6";
    Process slipway = slipway(command, "never");
    try {
      long until = System.nanoTime() + Duration.ofSeconds(50).toNanos();
      while (!Files.exists(work.resolve("heard"))) {
        assertThat(System.nanoTime()).isLessThan(until);
        assertThat(slipway.waitFor(20, TimeUnit.MILLISECONDS))
            .as(Files.readString(home.resolve("said")))
            .isFalse();
      }
    } finally {
      slipway.destroyForcibly().waitFor();
    }
    Files.createFile(work.resolve("go"));

    Attempt attempt = attempt();
    Shell after = shell("not the same command");
    assertThat(found(after, attempt)).isInstanceOf(LookupResult.Found.class);
    assertThat(end(after, attempt, RunId.of(attempt).toString()))
        .isEqualTo(new End.Failed("Command exited with 6"));
    assertThat(log.text()).isEqualTo("two\n");
  }
}
