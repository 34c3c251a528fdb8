package dev.slipway.sweep;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SQLite for Slipways that die: each commit that changes something is two steps of the life that
 * opened the connection, before it and after it, and a dead one begins and commits nothing more.
 */
final class MortalSqlite implements Driver {
  private static final Pattern CHANGE =
      Pattern.compile(
          "\\s*(?:insert (?:or \\w+ )?into|update|delete from)\\s+(\\w+)",
          Pattern.CASE_INSENSITIVE);

  private static final class Once {
    static final MortalSqlite INSTANCE = register();
  }

  private final Driver sqlite;
  private final Map<String, Life> lives = new ConcurrentHashMap<>();

  private MortalSqlite(Driver sqlite) {
    this.sqlite = sqlite;
  }

  /** The one that is asked before SQLite's own driver, and passes on what is not for it. */
  static MortalSqlite instance() {
    return Once.INSTANCE;
  }

  private static MortalSqlite register() {
    try {
      Driver real = DriverManager.getDriver("jdbc:sqlite:");
      MortalSqlite first = new MortalSqlite(real);
      // Others open databases meanwhile: at each moment there is one
      DriverManager.registerDriver(first);
      DriverManager.deregisterDriver(real);
      DriverManager.registerDriver(real);
      return first;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whoever opens this file from now on belongs to this life. */
  void begin(Path file, Life life) {
    lives.put(file.toString(), life);
  }

  /** A connection that outlives all. */
  Connection outside(Path file) throws SQLException {
    return sqlite.connect("jdbc:sqlite:" + file, new Properties());
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    Life life = lives.get(file(url));
    if (life == null) {
      return null;
    }
    // Were that of a dead one refused here, the next driver would be asked for it
    Connection real = sqlite.connect(url, info);
    return url.contains("transaction_mode=IMMEDIATE") ? new Writer(real, life).proxy() : real;
  }

  private static SQLException killed() {
    return new SQLException("killed");
  }

  private static String file(String url) {
    return url.replaceFirst("jdbc:sqlite:", "").replaceFirst("\\?.*", "");
  }

  /** The connection of the one thread that writes. */
  private static final class Writer {
    private final Connection real;
    private final Life life;
    private final TreeSet<String> changed = new TreeSet<>();

    Writer(Connection real, Life life) {
      this.real = real;
      this.life = life;
    }

    Connection proxy() {
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              (_, method, arguments) ->
                  switch (method.getName()) {
                    case "setAutoCommit" -> {
                      setAutoCommit((boolean) arguments[0]);
                      yield null;
                    }
                    case "rollback" -> {
                      changed.clear();
                      yield call(method, real, arguments);
                    }
                    case "prepareStatement" ->
                        statement(
                            (PreparedStatement) call(method, real, arguments),
                            (String) arguments[0]);
                    default -> call(method, real, arguments);
                  });
    }

    /** Begins a transaction, or commits one. */
    private void setAutoCommit(boolean commits) throws SQLException {
      if (commits && !changed.isEmpty()) {
        commit();
      } else if (commits || !life.isDead()) {
        real.setAutoCommit(commits);
      } else {
        throw killed();
      }
    }

    private void commit() throws SQLException {
      String what = "the commit of " + String.join(", ", changed);
      changed.clear();
      if (!life.survives("before " + what)) {
        throw killed();
      }
      real.setAutoCommit(true);
      if (!life.survives("after " + what)) {
        throw killed();
      }
    }

    private Object statement(PreparedStatement statement, String sql) {
      Matcher change = CHANGE.matcher(sql);
      if (!change.lookingAt()) {
        return statement;
      }
      String table = change.group(1);
      return Proxy.newProxyInstance(
          PreparedStatement.class.getClassLoader(),
          new Class<?>[] {PreparedStatement.class},
          (_, method, arguments) -> {
            Object result = call(method, statement, arguments);
            // What returns rows has changed some, or a step too many is counted
            if (method.getName().equals("executeQuery")
                || (method.getName().equals("executeUpdate") && (int) result > 0)) {
              changed.add(table);
            }
            return result;
          });
    }

    private static @Nullable Object call(
        java.lang.reflect.Method method, Object real, Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(real, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    return lives.containsKey(file(url)) && sqlite.acceptsURL(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    return sqlite.getPropertyInfo(url, info);
  }

  @Override
  public int getMajorVersion() {
    return sqlite.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return sqlite.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return sqlite.jdbcCompliant();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("sqlite");
  }
}
