package dev.slipway.store;

import dev.slipway.time.Time;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL that may be away, fall silent, or come back as another server. Nothing waits for it
 * without a limit. Threads and connections for writers and for readers are separate, so that pages
 * do not stand in the way of runs.
 */
final class Postgres {
  private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);
  private static final int WRITERS = 6;
  private static final int READERS = 4;

  /** What the address does not say itself; in seconds. A socket that stays silent is closed. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "connectTimeout",
          "5",
          "loginTimeout",
          "5",
          "socketTimeout",
          "20",
          "tcpKeepAlive",
          "true");

  /**
   * PostgreSQL ends by itself what is longer than that, before the socket is closed. A process that
   * is frozen or cut off in the middle of a transaction must not keep its locks from the others:
   * that ends before its lease does.
   */
  private static final String LIMITS =
      "set lock_timeout = '15s'; set statement_timeout = '15s';"
          + " set idle_in_transaction_session_timeout = '10s'";

  /** A connection that was used so lately is used without asking whether it still stands. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final String url;
  private final DatabaseLogin login;
  private final Time time;
  private final AtomicInteger era = new AtomicInteger();

  Postgres(String url, DatabaseLogin login, Time time) {
    this.time = time;
    this.url = withDefaults(url);
    this.login = login;
  }

  private static String withDefaults(String url) {
    StringBuilder all = new StringBuilder(url);
    DEFAULTS.forEach(
        (name, value) -> {
          if (!url.matches(".*[?&]" + name + "=.*")) {
            all.append(all.indexOf("?") < 0 ? '?' : '&').append(name).append('=').append(value);
          }
        });
    return all.toString();
  }

  /** The address with its limits; it may hold a password. */
  String url() {
    return url;
  }

  /**
   * Connects once, to say what is wrong.
   *
   * @throws StoreException without the address
   */
  void connect() {
    try {
      connection().close();
    } catch (SQLException e) {
      throw new StoreException("no connection: " + e.getMessage(), e);
    }
  }

  TaskQueue writers() {
    return TaskQueue.start(
        "database writer", time, WRITERS, 1, () -> new SingleCommit(new Opener(false), time));
  }

  TaskQueue readers() {
    return TaskQueue.start(
        "database reader", time, READERS, 1, () -> new SingleCommit(new Opener(true), time));
  }

  private Connection connection() throws SQLException {
    Properties who = new Properties();
    put(who, "user", login.user());
    put(who, "password", login.password());
    return DriverManager.getConnection(url, who);
  }

  private static void put(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }

  private final class Opener implements ThreadConnection.Source {
    private final boolean reads;

    Opener(boolean reads) {
      this.reads = reads;
    }

    @Override
    public Connection open() throws SQLException {
      Connection connection = connection();
      try (Statement statement = connection.createStatement()) {
        statement.execute(LIMITS);
        if (reads) {
          // All statements of one reader see the same moment
          connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
          connection.setReadOnly(true);
        }
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    @Override
    public Dialect dialect() {
      return Dialect.POSTGRESQL;
    }

    @Override
    public int era() {
      return era.get();
    }

    @Override
    public boolean isGood(Connection connection, Duration idle) {
      if (idle.compareTo(FRESH) < 0) {
        return true;
      }
      try {
        return connection.isValid(3) && isPrimary(connection);
      } catch (SQLException e) {
        return false;
      }
    }

    /** A server that was the primary and is a standby now answers reads, with what is old. */
    private static boolean isPrimary(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select pg_is_in_recovery()")) {
        return row.next() && !row.getBoolean(1);
      }
    }

    @Override
    public void failed(SQLException why) {
      if (isGone(why.getSQLState())) {
        LOG.debug("Connecting anew: {}", why.getMessage());
        int _ = era.incrementAndGet();
      }
    }

    /**
     * The connection broke (08), the server ends (57P0x), or is no longer the one that writes
     * (25006): the others lead to the same server.
     */
    private static boolean isGone(@Nullable String state) {
      return state != null
          && (state.startsWith("08") || state.startsWith("57P") || state.equals("25006"));
    }
  }
}
