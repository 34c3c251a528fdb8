package dev.slipway.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What connections to one database are asked, while this is open. */
public final class RecordedStatements implements Driver, AutoCloseable {
  private final String url;
  private final Driver real;
  private final Set<String> statements = new ConcurrentSkipListSet<>();
  private final List<Transaction> ended = new ArrayList<>();

  /**
   * A driver that is asked before the database's own. Other tests connect meanwhile, so there is
   * one of the database's own at any time.
   */
  public RecordedStatements(String url) throws SQLException {
    this.url = url;
    this.real = DriverManager.getDriver(url);
    DriverManager.registerDriver(this);
    DriverManager.registerDriver(another(real));
    DriverManager.deregisterDriver(real);
  }

  private static Driver another(Driver driver) {
    try {
      return driver.getClass().getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("another driver", e);
    }
  }

  /**
   * A transaction that has ended.
   *
   * @param statements in their order, as often as they were executed
   */
  public record Transaction(List<String> statements) {
    public Transaction {
      statements = List.copyOf(statements);
    }

    /** Whether it changed anything. */
    public boolean isWrite() {
      return statements.stream().anyMatch(sql -> !sql.stripLeading().startsWith("select"));
    }
  }

  /** All that were prepared. */
  Set<String> statements() {
    return Set.copyOf(statements);
  }

  /** Those that have ended since this was asked last. */
  public synchronized List<Transaction> takeTransactions() {
    List<Transaction> all = List.copyOf(ended);
    ended.clear();
    return all;
  }

  private synchronized void end(List<String> executed) {
    ended.add(new Transaction(executed));
    executed.clear();
  }

  @Override
  public @Nullable Connection connect(String to, Properties info) throws SQLException {
    if (!acceptsURL(to)) {
      return null;
    }
    Connection connection = real.connect(to, info);
    List<String> executed = new ArrayList<>();
    return proxy(
        Connection.class,
        (_, method, arguments) -> {
          Object result = invoke(method, connection, arguments);
          if (result instanceof PreparedStatement statement) {
            String sql = (String) arguments[0];
            statements.add(sql);
            return proxy(
                PreparedStatement.class,
                (_, inner, values) -> {
                  if (inner.getName().startsWith("execute")) {
                    executed.add(sql);
                  }
                  return invoke(inner, statement, values);
                });
          }
          boolean ends =
              method.getName().equals("setAutoCommit") && Boolean.TRUE.equals(arguments[0]);
          if (ends && !executed.isEmpty()) {
            end(executed);
          }
          return result;
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object invoke(Method method, Object on, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean acceptsURL(String to) throws SQLException {
    return to.startsWith(url) && real.acceptsURL(to);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String to, Properties info) throws SQLException {
    return real.getPropertyInfo(to, info);
  }

  @Override
  public int getMajorVersion() {
    return real.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return real.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public void close() throws SQLException {
    DriverManager.deregisterDriver(this);
  }
}
