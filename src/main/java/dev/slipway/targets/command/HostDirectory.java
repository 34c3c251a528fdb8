package dev.slipway.targets.command;

import dev.slipway.model.CommandHost;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the folder of one host's runs from that of another. The name lies in the folder itself, so
 * that it survives a restart and is the same for all processes that see the same runs.
 */
final class HostDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(HostDirectory.class);
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private HostDirectory() {}

  /** The folder's place; made by the first to ask. */
  static CommandHost of(Path runs) {
    String fresh = UUID.randomUUID().toString();
    try {
      return new CommandHost(kept(runs, fresh), hostName(), boot());
    } catch (IOException e) {
      LOG.warn("Commands cannot be found again after a restart: cannot write to {}: {}", runs, e);
      return new CommandHost(fresh, hostName(), boot());
    }
  }

  private static String kept(Path runs, String fresh) throws IOException {
    Path name = runs.resolve("place");
    if (Files.notExists(name)) {
      Files.createDirectories(runs, RunDirectory.OURS_ONLY_DIRECTORY);
      // Complete before it has its name, and only the first keeps it
      Path aside = runs.resolve(fresh + ".part");
      RunDirectory.replace(aside, fresh);
      try {
        // A name that a power cut emptied would be the same on every host
        RunDirectory.force(aside);
        Files.createLink(name, aside);
        RunDirectory.forceNames(runs);
        RunDirectory.forceNames(runs.resolve(".."));
      } catch (FileAlreadyExistsException another) {
        LOG.debug("{} was made by another process", name);
      } finally {
        Files.delete(aside);
      }
    }
    return Files.readString(name).strip();
  }

  private static @Nullable String boot() {
    try {
      String boot = Files.readString(BOOT).strip();
      return boot.isEmpty() ? null : boot;
    } catch (IOException notTold) {
      return null;
    }
  }

  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return "another host";
    }
  }
}
