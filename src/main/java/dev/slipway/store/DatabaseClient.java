package dev.slipway.store;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The database of a server, seen from another process. On SQLite it opens the file beside the
 * server, which holds the lock file. Each piece of work has a connection of its own.
 */
final class DatabaseClient implements Transactions {
  private final String url;
  private final DatabaseLogin login;

  /**
   * @param url as the configuration has it
   */
  DatabaseClient(String url, DatabaseLogin login) {
    this.url = url;
    this.login = login;
  }

  /** Whether there may be a database: a file that is missing is none. */
  boolean mayExist() {
    return Dialect.of(url) != Dialect.SQLITE || Files.exists(SqliteAddress.file(url));
  }

  @Override
  public <T> T read(SqlWork<T> work) {
    return run("read", work);
  }

  @Override
  public <T> T write(SqlWork<T> work) {
    // What was not committed when the connection closes is undone
    return run(
        "written",
        sql -> {
          sql.begin();
          T result = work.on(sql);
          sql.commit();
          return result;
        });
  }

  /**
   * Runs the work, each statement on its own.
   *
   * @param what is done with the database, for the message: {@code read}, {@code written}
   * @throws StoreException when there is no such database, or it cannot be used
   */
  <T> T run(String what, SqlWork<T> work) {
    Dialect dialect = Dialect.of(url);
    if (!mayExist()) {
      throw new StoreException(
          "There is no database at "
              + SqliteAddress.file(url).toAbsolutePath()
              + ": run this with the settings and in the folder of the server");
    }
    try (Connection connection = dialect == Dialect.SQLITE ? file() : server()) {
      return work.on(new Sql(connection, dialect));
    } catch (SQLException e) {
      throw new StoreException("The database cannot be " + what + ": " + e.getMessage(), e);
    }
  }

  private Connection file() throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 10000");
      statement.execute("pragma synchronous = full");
    }
    return connection;
  }

  private Connection server() throws SQLException {
    Properties properties = new Properties();
    if (login.user() != null) {
      properties.setProperty("user", login.user());
    }
    if (login.password() != null) {
      properties.setProperty("password", login.password());
    }
    return DriverManager.getConnection(url, properties);
  }
}
