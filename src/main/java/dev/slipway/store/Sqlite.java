package dev.slipway.store;

import dev.slipway.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An SQLite file: one thread writes, for SQLite has one writer, and a few read beside it. */
final class Sqlite {
  private static final Logger LOG = LoggerFactory.getLogger(Sqlite.class);
  private static final String OPTIONS =
      "?journal_mode=WAL&journal_size_limit=16777216&synchronous=FULL&busy_timeout=10000"
          + "&foreign_keys=on&jdbc.get_generated_keys=false";
  private static final String AT_ONCE = "&transaction_mode=IMMEDIATE";
  private static final int READERS = 4;

  /** So many share a commit at most: those in it wait for the last of them. */
  private static final int GROUP = 128;

  private Sqlite() {}

  /** The address by which the writer connects. */
  static String writerUrl(Path file) {
    return SqliteAddress.of(file) + OPTIONS + AT_ONCE;
  }

  static TaskQueue writers(Path file, Time time) {
    return TaskQueue.start(
        "database writer",
        time,
        1,
        GROUP,
        () -> new GroupCommit(new Opener(writerUrl(file)), time));
  }

  static TaskQueue readers(Path file, Time time) {
    return TaskQueue.start(
        "database reader",
        time,
        READERS,
        1,
        () -> new SingleCommit(new Opener(SqliteAddress.of(file) + OPTIONS), time));
  }

  /**
   * Loads SQLite, and makes the file, if it is not there; those that SQLite makes beside it get its
   * permissions. It holds the secret that signs log links, and logs. A file that somebody else has
   * made stays as it is: who opened it to others may rely on that.
   */
  static void prepare(Path file) {
    SqliteLibrary.load(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    try {
      if (Files.notExists(file)) {
        Path _ = Files.createFile(file, OwnerOnly.ofFile(file));
      }
      if (OwnerOnly.isOpenToOthers(file)) {
        LOG.warn(
            "Other users of this machine may use {}, which holds logs and the secret that signs"
                + " their links; chmod 600 ends that",
            file.toAbsolutePath());
      }
      if (Files.size(file) == 0) {
        layOut(file);
      }
      SqliteFile.requireWhole(file);
    } catch (IOException e) {
      throw new StoreException("no database can be made there: " + e, e);
    }
  }

  /** Only an empty file can still be told to give pages back to the disk. */
  private static void layOut(Path file) {
    try (Connection connection = DriverManager.getConnection(SqliteAddress.of(file));
        Statement statement = connection.createStatement()) {
      statement.execute("pragma auto_vacuum = incremental");
      statement.execute("vacuum");
    } catch (SQLException e) {
      throw new StoreException("no database can be made there: " + e.getMessage(), e);
    }
  }

  /** A file that this process has does not go away; what fails is its disk. */
  private record Opener(String url) implements ThreadConnection.Source {
    @Override
    public Connection open() throws SQLException {
      return DriverManager.getConnection(url);
    }

    @Override
    public Dialect dialect() {
      return Dialect.SQLITE;
    }

    @Override
    public int era() {
      return 0;
    }

    @Override
    public boolean isGood(Connection connection, Duration idle) {
      return true;
    }

    @Override
    public void failed(SQLException why) {
      // Another connection would have the same disk
    }
  }
}
