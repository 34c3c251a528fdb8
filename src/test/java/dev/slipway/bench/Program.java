package dev.slipway.bench;

import dev.slipway.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A receiver of deliveries in a process of its own, and what the system says it uses. */
final class Program implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final int port;
  private final long begun;

  private Program(Process process, int port, long begun) {
    this.process = process;
    this.port = port;
    this.begun = begun;
  }

  /**
   * How to start one.
   *
   * @param path at which it takes deliveries
   * @param environment of which {@code PORT} is added
   */
  record Recipe(String name, List<String> command, String path, Map<String, String> environment) {}

  /** Starts it; it may not answer yet. */
  static Program start(Recipe recipe, Path folder) throws IOException {
    int port = FreePort.choose();
    ProcessBuilder builder = new ProcessBuilder(recipe.command()).directory(folder.toFile());
    builder.environment().putAll(recipe.environment());
    builder.environment().put("PORT", Integer.toString(port));
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
    long begun = System.nanoTime();
    return new Program(builder.start(), port, begun);
  }

  int port() {
    return port;
  }

  Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Memory that it has, in MiB. */
  long resident() throws IOException {
    return status("VmRSS") / 1024;
  }

  /** Threads of the system, which virtual ones are not. */
  long threads() throws IOException {
    return status("Threads");
  }

  private long status(String name) throws IOException {
    String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
    Matcher line = Pattern.compile(name + ":\\s+(\\d+)").matcher(status);
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }

  /** What it and the children that it has waited for have used. */
  Duration cpu() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int field = 11; field <= 14; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return Duration.ofNanos(Math.round(ticks / TICKS_PER_SECOND * 1e9));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
