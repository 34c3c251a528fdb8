package dev.slipway.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Shows that a cut takes what was not synced: a plain file, a database that does not sync, and, as
 * Slipway does it, one that does. Each is written anew right before a cut.
 */
final class Unsynced {
  private static final String NAME = "control";
  private static final String TEXT = "written and not synced";

  private int cuts;
  private int filesLost;
  private int carelessLost;
  private int carefulLost;
  private Optional<Writing> writing = Optional.empty();

  private record Writing(Connection careless, Connection careful) {}

  void write(Path disk) {
    try {
      Path folder = Files.createDirectories(disk.resolve(NAME + cuts));
      writing =
          Optional.of(
              new Writing(written(folder, "careless", "OFF"), written(folder, "careful", "FULL")));
      Files.writeString(folder.resolve("plain"), TEXT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String url(Path folder, String name, String synchronous) {
    return "jdbc:sqlite:%s?journal_mode=WAL&synchronous=%s"
        .formatted(folder.resolve(name), synchronous);
  }

  private static Connection written(Path folder, String name, String synchronous) {
    try {
      Connection connection = DriverManager.getConnection(url(folder, name, synchronous));
      try (Statement statement = connection.createStatement()) {
        statement.execute("create table t (x)");
        statement.execute("insert into t values (42)");
      }
      return connection;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The power is gone; what the connections write from now on goes to the old disk. */
  void forget() {
    writing.ifPresent(
        open -> {
          try {
            open.careless().close();
            open.careful().close();
          } catch (SQLException e) {
            throw new AssertionError(e);
          }
        });
    writing = Optional.empty();
  }

  /** Counts what the disk that was found has not. */
  void read(Path disk) {
    Path folder = disk.resolve(NAME + cuts);
    filesLost += hasPlain(folder.resolve("plain")) ? 0 : 1;
    carelessLost += hasRow(folder, "careless", "OFF") ? 0 : 1;
    carefulLost += hasRow(folder, "careful", "FULL") ? 0 : 1;
    cuts++;
  }

  private static boolean hasPlain(Path file) {
    try {
      return Files.exists(file)
          && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).equals(TEXT);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean hasRow(Path folder, String name, String synchronous) {
    if (!Files.exists(folder.resolve(name))) {
      return false;
    }
    try (Connection connection = DriverManager.getConnection(url(folder, name, synchronous));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select x from t")) {
      return rows.next() && rows.getInt(1) == 42;
    } catch (SQLException broken) {
      return false;
    }
  }

  int filesLost() {
    return filesLost;
  }

  int carelessLost() {
    return carelessLost;
  }

  /** Must be none, or a sync does not reach this disk. */
  int carefulLost() {
    return carefulLost;
  }
}
