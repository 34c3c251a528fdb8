package dev.slipway.target.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process of its own starts a command and is killed. */
class ShellKilledTest extends WithShell {
  /** What runs there: starts the command and waits to be killed. */
  static final class Elsewhere {
    private Elsewhere() {}

    /** Dies, or lets its supervisor hang, where it is told to. */
    private static Heard heard(String last, Path run) {
      return new Heard() {
        @Override
        public void leave() {
          switch (last) {
            case "before the process" -> Runtime.getRuntime().halt(137);
            case "before the claim" -> hang(run.resolve("pid"));
            default -> {}
          }
        }
      };
    }

    private static void hang(Path pid) {
      try {
        // Whoever writes to it waits for a reader
        assertThat(new ProcessBuilder("mkfifo", pid.toString()).start().waitFor()).isZero();
      } catch (IOException | InterruptedException e) {
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
          new Shell(config, new Attempts.Clock(), QUICK, new Watcher(), Spawner::ofThisSystem);
      Attempt attempt = Attempts.plain();
      Heard heard = heard(arguments[3], runs.resolve(RunId.of(attempt).toString()));
      shell.start(attempt, heard);
      while (true) {
        shell.poll(attempt, RunId.of(attempt).toString(), heard);
        if (heard.text().contains("one")) {
          Files.writeString(work.resolve("heard"), heard.text());
        }
      }
    }
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
      Pace.pause(Duration.ofMillis(20));
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
    assertThat(arguments()).noneMatch(all -> all.contains(runs.toString()));
    assertThat(found(shell("unused"), attempt)).isInstanceOf(Finding.NotThere.class);
    assertThat(work.resolve("begun")).doesNotExist();
  }

  @Test
  void a_process_that_survives_a_kill_starts_nothing_once_it_was_asked_about() throws Exception {
    Process slipway = slipway("touch begun", "before the claim");
    try {
      await(
          () ->
              arguments().stream()
                  .anyMatch(all -> all.contains("slipway_dir") && all.contains(runs.toString())));
    } finally {
      slipway.destroyForcibly().waitFor();
    }
    Attempt attempt = attempt();
    assertThat(found(shell("unused"), attempt)).isInstanceOf(Finding.NotThere.class);
    // Now the supervisor goes on
    Path pid = runs.resolve(RunId.of(attempt).toString()).resolve("pid");
    String[] told = Files.readString(pid).strip().split(" ", -1);
    Leader leader = new Leader(Long.parseLong(told[0]), Long.parseLong(told[1]));
    await(() -> !leader.isAlive());
    assertThat(work.resolve("begun")).doesNotExist();
    assertThat(found(shell("unused"), attempt)).isInstanceOf(Finding.NotThere.class);
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
    assertThat(found(after, attempt)).isInstanceOf(Finding.Found.class);
    assertThat(end(after, attempt, RunId.of(attempt).toString()))
        .isEqualTo(new End.Failed("Command exited with 6"));
    assertThat(log.text()).isEqualTo("two\n");
  }
}
