package dev.slipway.crash;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Time that passes: the leases of the dead run out, without waiting for it. */
final class ElapsedTime {
  private ElapsedTime() {}

  static void on(String url) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("update run set lease_until = 0 where state = 'running'");
      statement.execute("update outbox set claimed_until = 0 where claimed_until is not null");
    } catch (SQLException noTables) {
      // Killed during its first start, it has left none
      if (!"42P01".equals(noTables.getSQLState())) {
        throw new AssertionError(noTables);
      }
    }
  }
}
