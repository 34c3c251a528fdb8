package dev.slipway.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the virtual machine remembers of an earlier start. A life of Slipway is mostly its start,
 * and with this it costs half.
 */
final class AotCache {
  private static final class Once {
    static final Path CACHE = make();
  }

  private AotCache() {}

  /** The options that a start with the cache needs; the cache is made by the first who asks. */
  static List<String> options() {
    return List.of("-XX:AOTCache=" + Once.CACHE);
  }

  private static Path make() {
    try {
      Path folder = Files.createTempDirectory("slipway-aot");
      Path cache = folder.resolve("slipway.aot");
      cache.toFile().deleteOnExit();
      List<String> line = Victim.java();
      line.add("-XX:AOTCacheOutput=" + cache);
      line.addAll(List.of("-jar", Victim.jar().toString(), "train"));
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("train.log").toFile())
              .start();
      if (!process.waitFor(120, TimeUnit.SECONDS) || !Files.exists(cache)) {
        process.destroyForcibly();
        throw new AssertionError("no cache was made, see " + folder.resolve("train.log"));
      }
      return cache;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
