package dev.slipway.fakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A server that a deploy command deploys to: a shell script. It writes a journal, so that its
 * events can be read while it runs.
 */
public final class FakeSshServer {
  private final Path script;
  private final Path journal;
  private int eventsRead;

  public FakeSshServer(Path folder, Duration pause) {
    this.script = folder.resolve("deploy.sh");
    this.journal = folder.resolve("journal.txt");
    try {
      Files.writeString(script, script(quoted(journal.toString()), pause.toSeconds()));
      Files.writeString(journal, "");
    } catch (IOException e) {
      throw new UncheckedIOException("the folder cannot be written: " + folder, e);
    }
  }

  private static String script(String journal, long pause) {
    return """
      #!/bin/sh
      set -eu
      journal=%s
      commit=$(printf %%.7s "$SLIPWAY_SHA")
      step() {
        printf '\\033[36m==>\\033[0m %%s\\n' "$1"
        printf '%%s\\n' "$2" >> "$journal"
      }
      printf '%%s\\n' "begin $SLIPWAY_SHA" >> "$journal"
      printf '\\033[1m%%s\\033[0m to \\033[33m%%s\\033[0m\\n' "$SLIPWAY_REPOSITORY" "$SLIPWAY_ENVIRONMENT"
      step "Checking out $commit" "checkout $commit"
      sleep %d
      step 'Restarting hello-world' 'restart'
      sleep %d
      printf '\\033[32mhello-world runs %%s\\033[0m\\n' "$commit"
      if [ -n "${SLIPWAY_OUTPUT:-}" ]; then
        echo 'environment_url=https://hello.octo-org.example' >> "$SLIPWAY_OUTPUT"
      fi
      echo end >> "$journal"
      """
        .formatted(journal, pause, pause);
  }

  /** The value for {@code DEPLOY_CMD}. */
  public String command() {
    return "sh " + quoted(script.toString());
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** The events since the last call. */
  public List<FakeEvent> newEvents() {
    List<String> lines = lines();
    List<FakeEvent> news = lines.stream().skip(eventsRead).map(FakeSshServer::event).toList();
    eventsRead = lines.size();
    return news;
  }

  private static FakeEvent event(String line) {
    if (line.startsWith("begin ")) {
      String sha = line.substring("begin ".length());
      return new FakeEvent.RequestReceived(
          "DEPLOY_CMD", "commit " + sha.substring(0, Math.min(7, sha.length())));
    }
    return line.equals("end")
        ? new FakeEvent.ResponseSent(true, "exit 0", "")
        : new FakeEvent.StateChanged(line);
  }

  /** The commits that the command was run for, oldest first. */
  public List<String> commits() {
    return lines().stream()
        .filter(line -> line.startsWith("begin "))
        .map(line -> line.substring("begin ".length()))
        .toList();
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(journal);
    } catch (IOException e) {
      throw new UncheckedIOException("the journal cannot be read: " + journal, e);
    }
  }
}
