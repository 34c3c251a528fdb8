package dev.slipway.crash;

import dev.slipway.FreePort;
import dev.slipway.server.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** One of several jars on one database, with a folder of its own as if it had its own machine. */
final class Replica implements AutoCloseable {
  private final Path folder;
  private final Map<String, String> environment;
  private final int port = FreePort.choose();
  private final HttpClient client = HttpClient.newHttpClient();
  private Process process;

  private Replica(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = new TreeMap<>(environment);
    this.environment.put("PORT", Integer.toString(port));
    this.environment.put("SLIPWAY_DATA", folder.resolve("data").toString());
    this.process = launch();
  }

  /** Starts one; it may not accept connections yet when this returns. */
  static Replica start(Path folder, Map<String, String> environment) {
    return new Replica(folder, environment);
  }

  private Process launch() {
    try {
      Files.createDirectories(folder);
      ProcessBuilder builder =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx160m",
                      "-XX:+ExitOnOutOfMemoryError",
                      "-XX:TieredStopAtLevel=1",
                      "-XX:+UseSerialGC",
                      "-jar",
                      KilledProcess.realJar().toString()))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      builder.environment().clear();
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return folder.resolve("replica.log");
  }

  String output() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names this replica's machine in the database. */
  String place() {
    try {
      return Files.readString(folder.resolve("data/runs/place"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  URI webhook() {
    return at("/webhooks/github");
  }

  boolean isReady() {
    if (!process.isAlive()) {
      throw new AssertionError("it ended with " + process.exitValue() + ": " + output());
    }
    HttpRequest request =
        HttpRequest.newBuilder(at("/health/readiness")).timeout(Duration.ofSeconds(5)).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException closed) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  Replica awaitReady() {
    Await.holds("ready; " + folder.getFileName(), this::isReady);
    return this;
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    int _ = awaitExit();
  }

  /** The same machine comes back. */
  void startAgain() {
    process = launch();
  }

  void freeze() {
    signal("-STOP");
  }

  void thaw() {
    signal("-CONT");
  }

  private void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill " + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  int awaitExit() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end: " + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    client.shutdownNow();
    client.close();
  }
}
