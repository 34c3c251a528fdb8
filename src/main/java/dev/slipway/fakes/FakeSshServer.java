package dev.slipway.fakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The server that the last resort deploys to: a shell script, which also writes down what it does
 * so that the story can tell it while it happens.
 */
public final class FakeSshServer {
  private final Path script;
  private final Path diary;
  private int eventsRead;

  public FakeSshServer(Path folder, Duration pause) {
    this.script = folder.resolve("deploy.sh");
    this.diary = folder.resolve("diary.txt");
    try {
      Files.writeString(script, script(quoted(diary.toString()), pause.toSeconds()));
      Files.writeString(diary, "");
    } catch (IOException e) {
      throw new UncheckedIOException("the demo's folder cannot be written: " + folder, e);
    }
  }

  private static String script(String diary, long pause) {
    return """
      #!/bin/sh
      set -eu
      diary=%s
      commit=$(printf %%.7s "$SLIPWAY_SHA")
      step() {
        printf '\\033[36m==>\\033[0m %%s\\n' "$1"
        printf '%%s\\n' "$2" >> "$diary"
      }
      printf '%%s\\n' "begin $SLIPWAY_SHA" >> "$diary"
      printf '\\033[1m%%s\\033[0m to \\033[33m%%s\\033[0m\\n' "$SLIPWAY_REPOSITORY" "$SLIPWAY_ENVIRONMENT"
      step "Checking out $commit" "checkout $commit"
      sleep %d
      step 'Restarting hello-world' 'restart'
      sleep %d
      printf '\\033[32mhello-world runs %%s\\033[0m\\n' "$commit"
      if [ -n "${SLIPWAY_OUTPUT:-}" ]; then
        echo 'environment_url=https://hello.octo-org.example' >> "$SLIPWAY_OUTPUT"
      fi
      echo end >> "$diary"
      """
        .formatted(diary, pause, pause);
  }

  /** What {@code DEPLOY_CMD} has to be. */
  public String command() {
    return "sh " + quoted(script.toString());
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** What has happened since the last time somebody asked. */
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
      return Files.readAllLines(diary);
    } catch (IOException e) {
      throw new UncheckedIOException("the demo's diary cannot be read: " + diary, e);
    }
  }
}
