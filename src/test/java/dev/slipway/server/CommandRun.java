package dev.slipway.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A command of the command line that has ended, and what it printed. */
record CommandRun(int code, String out, String err) {
  /** Runs a command with the settings of a server. */
  static CommandRun of(SlipwayServer world, Path folder, String... words) {
    return with(world, folder, Map.of(), words);
  }

  /** Runs a command with the settings of a server, of which some are changed. */
  static CommandRun with(
      SlipwayServer world, Path folder, Map<String, String> changed, String... words) {
    Map<String, String> environment = new HashMap<>(world.environment());
    environment.putAll(changed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      int code =
          new Main(
                  environment,
                  folder,
                  new PrintStream(out, true, UTF_8),
                  new PrintStream(err, true, UTF_8))
              .run(List.of(words));
      return new CommandRun(code, out.toString(UTF_8), err.toString(UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
