package dev.slipway.doctor;

import dev.slipway.check.CheckResult;
import dev.slipway.configuration.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the directory in which Slipway keeps its files. Writes nothing there. */
final class StorageCheck {
  static final String SUBJECT = "data directory";

  private static final long MIB = 1024 * 1024;
  private static final long SCARCE = 1024 * MIB;
  private static final long NONE = 100 * MIB;

  private final Path directory;

  StorageCheck(StorageConfig storage) {
    this.directory = storage.directory().toAbsolutePath().normalize();
  }

  CheckResult result() {
    Path there = nearest(directory);
    if (!Files.isDirectory(there)) {
      return failure(there + " is no directory", "set SLIPWAY_DATA to a directory");
    }
    if (!Files.isWritable(there)) {
      return failure(
          there + " cannot be written by this user",
          "let Slipway's user write it, or set SLIPWAY_DATA");
    }
    try {
      return space(Files.getFileStore(there).getUsableSpace());
    } catch (IOException e) {
      return failure(there + " cannot be looked at: " + e, "look at the file system");
    }
  }

  /** The directory itself, or what is there of the way to it: a server makes the rest. */
  private static Path nearest(Path directory) {
    Path there = directory;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  /** What so many free bytes mean. */
  CheckResult space(long free) {
    String detail = "%s has %d MiB free".formatted(directory, free / MIB);
    if (free < NONE) {
      return failure(detail, "make room: what cannot be stored is not accepted");
    }
    return free < SCARCE
        ? new CheckResult.Warning(SUBJECT, detail, "make room, or keep logs for a shorter time")
        : new CheckResult.Ok(SUBJECT, detail);
  }

  private static CheckResult failure(String detail, String advice) {
    return new CheckResult.Failure(SUBJECT, detail, advice);
  }
}
