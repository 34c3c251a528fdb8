package dev.slipway.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hears from each command, through a pipe with a name, when it carried out its first instruction.
 */
final class CommandLog implements AutoCloseable {
  private final Path pipe;
  private final RandomAccessFile both;
  private final Map<Long, Long> begun = new ConcurrentHashMap<>();

  CommandLog(Path folder) throws IOException, InterruptedException {
    pipe = folder.resolve("commands");
    int code = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    if (code != 0) {
      throw new IOException("mkfifo ended with " + code);
    }
    // Open for writing too, or the pipe would end with each command
    both = new RandomAccessFile(pipe.toFile(), "rw");
    Thread.ofPlatform().daemon().name("commands").start(this::read);
  }

  /** What each command is. */
  String command() {
    return "echo $SLIPWAY_DEPLOYMENT_ID >" + pipe;
  }

  private void read() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(both.getChannel()), US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        begun.putIfAbsent(Long.parseLong(line), System.nanoTime());
      }
    } catch (IOException closed) {
      // By close()
    }
  }

  /** By the deployment's number, when its command began. */
  Map<Long, Long> begun() {
    return begun;
  }

  @Override
  public void close() throws IOException {
    both.close();
  }
}
