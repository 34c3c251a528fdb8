package dev.slipway.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Says what other users of this machine may do with a file that should be its owner's alone. */
public final class FilePermissions {
  private FilePermissions() {}

  /** Empty when others may neither read nor change it, or where files have no such rights. */
  public static Optional<String> problem(Path file) {
    Set<PosixFilePermission> rights = rights(file);
    if (rights.contains(PosixFilePermission.OTHERS_READ)) {
      return Optional.of("every user of this machine can read " + file + ": chmod o-rwx it");
    }
    return changeable(file);
  }

  /** Empty when others may not change it. */
  public static Optional<String> changeable(Path file) {
    return rights(file).contains(PosixFilePermission.OTHERS_WRITE)
        ? Optional.of("every user of this machine can change " + file + ": chmod o-w it")
        : Optional.empty();
  }

  private static Set<PosixFilePermission> rights(Path file) {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (IOException | UnsupportedOperationException unknown) {
      return Set.of();
    }
  }
}
