package dev.slipway.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Checks whether other users of this machine may read or change a file. */
public final class FilePermissions {
  private FilePermissions() {}

  /** A warning when others may read or change it; empty where files have no such rights. */
  public static Optional<String> problem(Path file) {
    Set<PosixFilePermission> rights = rights(file);
    if (rights.contains(PosixFilePermission.OTHERS_READ)) {
      return Optional.of("every user of this machine can read " + file + ": chmod o-rwx it");
    }
    return changeable(file);
  }

  /** A warning when others may change it. */
  public static Optional<String> changeable(Path file) {
    return rights(file).contains(PosixFilePermission.OTHERS_WRITE)
        ? Optional.of("every user of this machine can change " + file + ": chmod o-w it")
        : Optional.empty();
  }

  /** Whether its group may read it; false where files have no such rights. */
  public static boolean isGroupReadable(Path file) {
    return rights(file).contains(PosixFilePermission.GROUP_READ);
  }

  private static Set<PosixFilePermission> rights(Path file) {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (IOException | UnsupportedOperationException unknown) {
      return Set.of();
    }
  }
}
