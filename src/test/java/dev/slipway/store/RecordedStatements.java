package dev.slipway.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Every statement that is prepared on connections to one database, while this is open. */
final class RecordedStatements implements Driver, AutoCloseable {
  private final String url;
  private final Driver real;
  private final Set<String> statements = new ConcurrentSkipListSet<>();

  /**
   * A driver that is asked before the database's own. Other tests connect meanwhile, so there is
   * one of the database's own at any time.
   */
  RecordedStatements(String url) throws SQLException {
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

  Set<String> statements() {
    return Set.copyOf(statements);
  }

  @Override
  public @Nullable Connection connect(String to, Properties info) throws SQLException {
    if (!acceptsURL(to)) {
      return null;
    }
    Connection connection = real.connect(to, info);
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                statements.add((String) arguments[0]);
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
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
