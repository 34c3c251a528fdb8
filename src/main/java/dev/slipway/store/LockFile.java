package dev.slipway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file beside an SQLite database that says which process has it. */
final class LockFile {
  private LockFile() {}

  /**
   * Holds a lock file beside the database, for two processes on one SQLite file would each run all.
   */
  static FileChannel acquire(Path file) {
    Path lockPath = Path.of(file + ".lock");
    FileChannel channel = null;
    try {
      Path folder = Objects.requireNonNull(lockPath.toAbsolutePath().getParent());
      OwnerOnly.createFolders(folder);
      channel =
          FileChannel.open(
              lockPath,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OwnerOnly.ofFile(lockPath));
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
      release(channel);
    } catch (OverlappingFileLockException heldByThisProcess) {
      release(channel);
    } catch (IOException e) {
      release(channel);
      throw new StoreException("Cannot write " + lockPath.toAbsolutePath() + ": " + e, e);
    }
    throw new StoreException(
        "Another Slipway uses "
            + file.toAbsolutePath()
            + ". Stop it, or change SLIPWAY_DATABASE_URL; several processes need PostgreSQL");
  }

  static void release(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new StoreException("Cannot close the lock file", e);
      }
    }
  }
}
