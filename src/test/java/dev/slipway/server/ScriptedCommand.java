package dev.slipway.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A command that does what the test tells it, one step after another. */
final class ScriptedCommand {
  /** Sources {@code step1}, {@code step2} … as they come to be; a step may {@code exit}. */
  static final String COMMAND =
      "n=1; while :; do until [ -e step$n ]; do sleep 0.05; done; . ./step$n; n=$((n+1)); done";

  private final Path folder;
  private int steps;

  ScriptedCommand(Path folder) {
    this.folder = folder;
  }

  void does(String commands) {
    steps++;
    try {
      Path draft = Files.writeString(folder.resolve("draft" + steps), commands + "\n");
      Files.move(draft, folder.resolve("step" + steps));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void prints(String text) {
    prints(text.getBytes(StandardCharsets.UTF_8));
  }

  void prints(byte[] bytes) {
    try {
      Path file = Files.write(folder.resolve("bytes" + (steps + 1)), bytes);
      does("cat " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
