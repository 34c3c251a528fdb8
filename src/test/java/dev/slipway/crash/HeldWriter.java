package dev.slipway.crash;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps the database from being written, as a disk that stalls or another program's transaction
 * does, until it is closed. Reading goes on.
 */
final class HeldWriter implements AutoCloseable {
  private final Connection connection;

  private HeldWriter(Connection connection) {
    this.connection = connection;
  }

  /** Returns when nobody else can write. */
  static HeldWriter of(String url) {
    boolean sqlite = url.startsWith("jdbc:sqlite:");
    try {
      Connection connection =
          DriverManager.getConnection(sqlite ? url + "?busy_timeout=60000" : url);
      try (Statement statement = connection.createStatement()) {
        if (sqlite) {
          statement.execute("begin immediate");
        } else {
          connection.setAutoCommit(false);
          statement.execute("lock table run, deployment, status in exclusive mode");
        }
      }
      return new HeldWriter(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
