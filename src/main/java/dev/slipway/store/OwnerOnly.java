package dev.slipway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and folders that only their owner may use, where the file system knows owners. */
final class OwnerOnly {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private OwnerOnly() {}

  /** The attributes of a new file that only its owner may use. */
  static FileAttribute<?>[] ofFile(Path file) {
    return permissions(file, "rw-------");
  }

  /** Makes the folder and those above it that are not there; those that are stay as they are. */
  static void createFolders(Path folder) throws IOException {
    Path _ = Files.createDirectories(folder, permissions(folder, "rwx------"));
  }

  private static FileAttribute<?>[] permissions(Path path, String mode) {
    return isKnown(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isKnown(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Whether somebody else than its owner may use the file. */
  static boolean isOpenToOthers(Path file) throws IOException {
    return isKnown(file) && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
  }
}
