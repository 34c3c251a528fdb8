package dev.slipway.crash;

import dev.slipway.TestFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What the virtual machine remembers of an earlier start. A life of Slipway is mostly its start,
 * and with this it costs half.
 */
final class AotCache {
  private static final Map<Path, Path> CACHES = new ConcurrentHashMap<>();

  private AotCache() {}

  /** The cache of a jar, made by the first who asks. */
  static Path of(Path jar) {
    return CACHES.computeIfAbsent(jar, AotCache::make);
  }

  private static Path make(Path jar) {
    try {
      Path folder = TestFolders.onDisk("aot");
      Path cache = folder.resolve("slipway.aot");
      List<String> line = KilledProcess.java();
      line.add("-XX:AOTCacheOutput=" + cache);
      line.addAll(List.of("-jar", jar.toString(), "train"));
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("train.log").toFile())
              .start();
      if (!process.waitFor(300, TimeUnit.SECONDS) || !Files.exists(cache)) {
        process.destroyForcibly();
        throw new AssertionError(
            "no cache was made: " + Files.readString(folder.resolve("train.log")));
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
