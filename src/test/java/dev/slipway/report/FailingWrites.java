package dev.slipway.report;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * SQLite below a folder of this name, whose n-th write fails: each statement that changes something
 * is one, and each commit.
 */
final class FailingWrites implements Driver, AutoCloseable {
  static final String FOLDER = "failing-writes";

  private final Driver sqlite;
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicReference<Fault> fault = new AtomicReference<>(new Fault(Kind.ONE, 0));

  /** What goes wrong. */
  enum Kind {
    /** One write fails. */
    ONE,
    /** It fails and some more after it. */
    SOME,
    /** It fails for minutes. */
    MANY,
    /** A commit is done, and then said to have failed. */
    ANSWER_LOST
  }

  private record Fault(Kind kind, int nth) {}

  /** A driver that is asked before SQLite's own. */
  FailingWrites() throws SQLException {
    sqlite = DriverManager.getDriver("jdbc:sqlite:");
    DriverManager.deregisterDriver(sqlite);
    DriverManager.registerDriver(this);
    DriverManager.registerDriver(sqlite);
  }

  /** Counts from now on. */
  void fail(Kind kind, int nth) {
    fault.set(new Fault(kind, nth));
    writes.set(0);
  }

  /** How many writes there were since the last call of {@link #fail}. */
  int writes() {
    return writes.get();
  }

  private boolean isNext() {
    Fault due = fault.get();
    int number = writes.incrementAndGet();
    int more =
        switch (due.kind()) {
          case ONE, ANSWER_LOST -> 0;
          case SOME -> 5;
          case MANY -> 200;
        };
    return number >= due.nth() && number <= due.nth() + more;
  }

  private Object connection(Connection real) {
    boolean[] undone = new boolean[1];
    return proxy(
        Connection.class,
        (method, arguments) -> {
          boolean commit = method.equals("setAutoCommit") && (boolean) arguments[0];
          if (commit && !undone[0] && !real.getAutoCommit()) {
            return onCommit(() -> real.setAutoCommit(true));
          }
          undone[0] = method.equals("rollback") || (undone[0] && !commit);
          return Proceed.ON;
        },
        real);
  }

  private Object onCommit(Commit commit) throws SQLException {
    if (fault.get().kind() != Kind.ANSWER_LOST) {
      if (isNext()) {
        throw new SQLException("disk I/O error");
      }
      return Proceed.ON;
    }
    commit.now();
    if (isNext()) {
      throw new SQLException("the answer was lost");
    }
    return Proceed.DONE;
  }

  private Object statement(PreparedStatement real, String sql) {
    boolean changes = !sql.stripLeading().toLowerCase(Locale.ROOT).startsWith("select");
    return proxy(
        PreparedStatement.class,
        (method, _) -> {
          boolean counted = changes && fault.get().kind() != Kind.ANSWER_LOST;
          if (counted && method.startsWith("execute") && isNext()) {
            throw new SQLException("database or disk is full");
          }
          return Proceed.ON;
        },
        real);
  }

  private enum Proceed {
    ON,
    DONE
  }

  private interface Commit {
    void now() throws SQLException;
  }

  private interface Before {
    Object call(String method, Object[] arguments) throws SQLException;
  }

  private Object proxy(Class<?> type, Before before, Object real) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (_, method, arguments) -> {
          if (before.call(method.getName(), arguments == null ? new Object[0] : arguments)
              == Proceed.DONE) {
            return null;
          }
          try {
            Object answer = method.invoke(real, arguments);
            return method.getName().equals("prepareStatement")
                ? statement((PreparedStatement) answer, (String) arguments[0])
                : answer;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    Connection real = sqlite.connect(url, info);
    return url.contains("transaction_mode=IMMEDIATE") ? (Connection) connection(real) : real;
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    return url.contains("/" + FOLDER + "/") && sqlite.acceptsURL(url);
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
    return Logger.getLogger(FOLDER);
  }

  @Override
  public void close() {
    try {
      DriverManager.deregisterDriver(this);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
