package dev.slipway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of new files, which are on disk only when the folders that list them are. */
final class DirectorySync {
  private static final Logger LOG = LoggerFactory.getLogger(DirectorySync.class);

  private DirectorySync() {}

  /**
   * Puts the file's name on disk, and those of all folders above it that may be new. SQLite sees to
   * what is in its files, and to the folder they are in, but not to the folders above.
   */
  static void force(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    while (folder != null && Files.isReadable(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException notSupported) {
        LOG.debug("The names in {} cannot be synced: {}", folder, notSupported.toString());
      }
      folder = folder.getParent();
    }
  }
}
