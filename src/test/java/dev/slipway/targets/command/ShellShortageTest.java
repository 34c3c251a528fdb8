package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine that has nothing left for one more command, and a Slipway that has to stop. */
class ShellShortageTest extends ShellFixture {
  /** Runs in a process that may open few files. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) throws Exception {
      Path work = Path.of(arguments[1]);
      ShellConfig config =
          new ShellConfig(
              "echo x >> begun",
              work,
              Path.of(arguments[0]),
              null,
              Map.of(),
              LONG,
              Duration.ofMinutes(10),
              LIMITS);
      Spawner way = arguments[2].equals("SetsidSpawn") ? new SetsidSpawn() : SystemSpawner.get();
      Shell shell =
          new Shell(
              "shell",
              config,
              SettableTime.withRealWaits(Attempts.SINCE),
              QUICK,
              new ProcessWatcher(),
              () -> way);
      ProcessIdentity self = new ProcessIdentity(ProcessHandle.current().pid(), 1);
      System.out.println("with files: " + isAlive(self));
      // Loads the classes, for that opens files, too
      Launches.launch(shell, Attempts.plain());
      // One that waits for its command needs no more files
      shell.close();
      var _ = Class.forName(ResourceShortage.class.getName()).getMethods();
      System.out.println(
          new StartAnswer.Busy("warm", Duration.ZERO)
              + " "
              + ResourceShortage.isReportedBy("warm"));
      Attempt attempt = Attempts.plain();
      Deque<FileInputStream> all = new ArrayDeque<>();
      try {
        while (true) {
          all.push(new FileInputStream("/dev/null"));
        }
      } catch (IOException full) {
        // Enough for the directory of the run, not for the pipes of a process
        for (int i = 0; i < 3; i++) {
          all.pop().close();
        }
      }
      StartAnswer without = Launches.launch(shell, attempt);
      while (all.size() < 1000 && push(all)) {
        // Now there is none left at all
      }
      String alive = isAlive(self);
      for (FileInputStream one : all) {
        one.close();
      }
      StartAnswer later = Launches.launch(shell, attempt);
      System.out.println("without: " + without);
      System.out.println("alive: " + alive);
      System.out.println("later: " + later);
    }

    private static boolean push(Deque<FileInputStream> all) {
      try {
        all.push(new FileInputStream("/dev/null"));
        return true;
      } catch (IOException full) {
        return false;
      }
    }

    private static String isAlive(ProcessIdentity leader) {
      try {
        return String.valueOf(leader.isAlive());
      } catch (IOException e) {
        return e.toString();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PosixSpawn", "SetsidSpawn"})
  void a_process_without_files_left_is_busy_and_starts_the_command_later(String way)
      throws Exception {
    Path said = home.resolve("said");
    Process slipway =
        new ProcessBuilder(
                "prlimit",
                "--nofile=300:300",
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                runs.toString(),
                work.toString(),
                way)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(slipway.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said)
        .content()
        .contains("with files: false", "without: Busy[reason=", "/dev/null (Too many open files)")
        .containsPattern("alive: .*Too many open files")
        .contains("later: Accepted[");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot run program \"/usr/bin/setsid\": error=11, Resource temporarily unavailable",
        "Cannot run program \"/usr/bin/setsid\": Exec failed, error: 12 (Cannot allocate memory)",
        "Pipe failed, error: 24 (Too many open files)",
        "slipway: 31: Cannot fork",
        "slipway: fork: retry: Resource temporarily unavailable",
      })
  void these_words_tell_of_a_shortage(String words) {
    assertThat(ResourceShortage.isReportedBy(words)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"error=2, No such file or directory", "error=13, Permission denied"})
  void these_do_not(String words) {
    assertThat(ResourceShortage.isReportedBy(words)).isFalse();
  }

  @Test
  void an_interrupted_start_is_no_verdict_and_starts_nothing() throws Exception {
    Shell shell = shell("touch begun");
    Attempt attempt = Attempts.plain();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> Launches.launch(shell, attempt));
    assertThat(Thread.interrupted()).isFalse();
    assertThat(found(shell, attempt)).isInstanceOf(LookupResult.NotThere.class);
    assertThat(work.resolve("begun")).doesNotExist();
  }

  @Test
  void an_interrupted_look_is_no_sighting() throws Exception {
    Shell shell = shell("while [ ! -e go ]; do sleep 0.05; done");
    Attempt attempt = Attempts.plain();
    String id = ((Verdict.Accepted) Launches.launch(shell, attempt)).id();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> shell.poll(attempt, id, log));
    assertThat(Thread.interrupted()).isFalse();
    Files.createFile(work.resolve("go"));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
  }
}
