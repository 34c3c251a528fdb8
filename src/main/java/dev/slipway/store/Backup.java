package dev.slipway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A copy of an SQLite database, taken while a server may be writing to it. The copy holds what was
 * committed when it began, is complete and on disk when it gets its name, and is readable by its
 * owner only: it holds the secret that signs log links.
 */
public final class Backup {
  private Backup() {}

  /** Whether a database at this address is one that can be copied here. */
  public static boolean canCopy(String url) {
    return SqliteAddress.matches(url);
  }

  /**
   * Copies the database to a file that is not there yet.
   *
   * @throws StoreException when it cannot; then there is no such file
   */
  public static void copy(String url, Path target) {
    Path source = SqliteAddress.file(url);
    if (!Files.exists(source)) {
      throw new StoreException("There is no database at " + source.toAbsolutePath());
    }
    if (Files.exists(target)) {
      throw new StoreException(target.toAbsolutePath() + " is there already; name another file");
    }
    Path folder = target.toAbsolutePath().normalize().getParent();
    if (folder != null && Files.notExists(folder)) {
      throw new StoreException("There is no folder " + folder + "; make it, or name another");
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      requireWhole(source);
      Path _ = Files.createFile(part, OwnerOnly.ofFile(part));
      try {
        vacuumInto(source, part);
        force(part);
        // A link refuses what a move would replace
        Files.createLink(target, part);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (FileAlreadyExistsException e) {
      throw new StoreException(
          "Another backup writes "
              + e.getFile()
              + ", or was ended while it did; name another file, or remove that one when none runs",
          e);
    } catch (IOException e) {
      throw new StoreException("Cannot write " + target.toAbsolutePath() + ": " + e, e);
    } catch (SQLException e) {
      throw new StoreException("Cannot copy " + source.toAbsolutePath() + ": " + e.getMessage(), e);
    }
  }

  private static void requireWhole(Path source) throws IOException {
    try {
      SqliteFile.requireWhole(source);
    } catch (StoreException e) {
      throw new StoreException("Cannot copy " + source.toAbsolutePath() + ": " + e.getMessage(), e);
    }
  }

  private static void vacuumInto(Path source, Path target) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(SqliteAddress.of(source) + "?busy_timeout=10000");
        PreparedStatement statement = connection.prepareStatement("vacuum into ?")) {
      statement.setString(1, target.toString());
      statement.execute();
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
