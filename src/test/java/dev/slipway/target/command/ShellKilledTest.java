package dev.slipway.target.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process of its own starts a command and is killed. */
class ShellKilledTest extends WithShell {
  /** What runs there: starts the command and waits to be killed. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) throws Exception {
      Path runs = Path.of(arguments[0]);
      Path work = Path.of(arguments[1]);
      ShellConfig config =
          new ShellConfig(
              arguments[2], work, runs, null, Map.of(), LONG, Duration.ofMinutes(10), LIMITS);
      Shell shell = new Shell(config, new Attempts.Clock(), QUICK, new Watcher());
      Attempt attempt = Attempts.plain();
      Heard heard = new Heard();
      shell.start(attempt, heard);
      while (true) {
        shell.poll(attempt, RunId.of(attempt).toString(), heard);
        if (heard.text().contains("one")) {
          Files.writeString(work.resolve("heard"), heard.text());
        }
      }
    }
  }

  @Test
  void a_command_outlives_a_slipway_that_is_killed() throws Exception {
    String command = "echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; exit 6";
    Process slipway =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                runs.toString(),
                work.toString(),
                command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("said").toFile())
            .start();
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

    RunId id = RunDirectory.all(runs).getFirst();
    Attempt attempt =
        new Attempt(
            Attempts.plain().deployment(), id.deployment(), id.run(), "shell", id.started());
    Shell after = shell("not the same command");
    assertThat(after.find(attempt, log)).isInstanceOf(Finding.Found.class);
    assertThat(end(after, attempt, id.toString()))
        .isEqualTo(new End.Failed("Command exited with 6"));
    assertThat(log.text()).isEqualTo("two\n");
  }
}
