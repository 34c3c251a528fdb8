package dev.slipway.server;

import dev.slipway.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Slipway as operators run it: the jar, in a process of its own. */
public final class JarProcess implements AutoCloseable {
  private final Process process;
  private final Path output;
  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  private JarProcess(Process process, Path output, int port) {
    this.process = process;
    this.output = output;
    this.port = port;
  }

  /** Starts it and waits until it answers. */
  static JarProcess start(Map<String, String> environment, Path folder) throws IOException {
    return start(environment, folder, "-XX:TieredStopAtLevel=1");
  }

  /** Starts it with options for its JVM, and waits until it answers. */
  static JarProcess start(Map<String, String> environment, Path folder, String... options)
      throws IOException {
    return start(List.of(), environment, folder, options);
  }

  /** Starts it below another program, such as a container's first process. */
  static JarProcess start(
      List<String> below, Map<String, String> environment, Path folder, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(below);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(List.of(options));
    command.add("-jar");
    command.add(
        Path.of(System.getProperty("slipway.jar", "target/slipway.jar"))
            .toAbsolutePath()
            .toString());
    return run(command, environment, folder);
  }

  /** Starts a command line that ends in being Slipway, and waits until it answers. */
  public static JarProcess run(List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    int port = FreePort.choose();
    Path output = Files.createTempFile(folder, "slipway", ".out");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("PORT", Integer.toString(port));
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
    JarProcess jar = new JarProcess(builder.start(), output, port);
    Await.within(Duration.ofMinutes(2), jar::output, jar::isUp);
    return jar;
  }

  private boolean isUp() {
    if (!process.isAlive()) {
      throw new AssertionError("Slipway ended: " + output());
    }
    return status(HttpRequest.newBuilder(at("/health/liveness")).build()) == 200;
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The answer's status, or 0 where there is none. */
  int status(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Delivers as GitHub does; 0 where nobody answers. */
  int deliver(String event) {
    byte[] body = event.getBytes(StandardCharsets.UTF_8);
    return status(
        HttpRequest.newBuilder(at("/webhooks/github"))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "deployment")
            .header("X-GitHub-Enterprise-Host", "127.0.0.1")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", SlipwayServer.sign(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  /** The most memory that it ever had, in MiB. */
  long peak() {
    return memory("VmHWM");
  }

  /** The memory that it has, in MiB. */
  long memory() {
    return memory("VmRSS");
  }

  private long memory(String kind) {
    try {
      String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
      Matcher line = Pattern.compile(kind + ":\\s+(\\d+) kB").matcher(status);
      if (!line.find()) {
        throw new AssertionError(status);
      }
      return Long.parseLong(line.group(1)) / 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  public int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  public long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    client.close();
  }
}
