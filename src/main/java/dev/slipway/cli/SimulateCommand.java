package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.server.Simulation;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints what the configuration would make of an event. */
record SimulateCommand(Path folder, PrintStream out, PrintStream err) {
  /** GitHub sends no larger event. */
  private static final int LARGEST = 25 * 1024 * 1024;

  /**
   * @param payload a file with the JSON of a {@code deployment} event, or {@code -} for the
   *     standard input
   */
  int run(Configuration configuration, String payload) {
    byte[] event;
    try (InputStream in = open(payload)) {
      event = in.readNBytes(LARGEST);
    } catch (IOException e) {
      err.println("Cannot read " + payload + ": " + e);
      return 1;
    }
    Simulation.Result result = new Simulation(configuration, new SystemTime()).run(event);
    (result.isUnderstood() ? out : err).print(result.text());
    return result.isUnderstood() ? 0 : 1;
  }

  private InputStream open(String payload) throws IOException {
    return payload.equals("-") ? System.in : Files.newInputStream(folder.resolve(payload));
  }
}
