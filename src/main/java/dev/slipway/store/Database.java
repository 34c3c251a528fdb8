package dev.slipway.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open database with its schema in place: one SQLite file, which this process alone holds, or
 * PostgreSQL, which it may share. When {@link #write} returns, the transaction is on disk: SQLite
 * runs with {@code synchronous=FULL}, PostgreSQL with its default {@code synchronous_commit}.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String SQLITE_OPTIONS =
      "?journal_mode=WAL&journal_size_limit=16777216&synchronous=FULL&busy_timeout=10000&foreign_keys=on";

  private final HikariDataSource writers;
  private final HikariDataSource readers;
  private final @Nullable FileChannel lockFile;
  private final Bell bell = new Bell();
  private final Probe probe = new Probe(this, System::nanoTime);
  // SQLite's own wait for its one writer is unfair; this one is a queue
  private final ReentrantLock turn = new ReentrantLock(true);

  private Database(
      HikariDataSource writers, HikariDataSource readers, @Nullable FileChannel lockFile) {
    this.writers = writers;
    this.readers = readers;
    this.lockFile = lockFile;
  }

  /** Who to be at the database; both null where the address says it or nobody asks. */
  public record Login(@Nullable String user, @Nullable String password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /**
   * Opens the database and brings its schema up to date.
   *
   * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://…}
   * @throws StoreException saying what is wrong, without the address's password
   */
  public static Database open(String url, Login login) {
    return url.startsWith(SQLITE)
        ? openSqlite(Path.of(url.substring(SQLITE.length())))
        : openPostgres(url, login);
  }

  private static Database openSqlite(Path file) {
    FileChannel lock = LockFile.hold(file);
    try {
      prepare(file);
      HikariDataSource writers =
          pool(SQLITE + file + SQLITE_OPTIONS + "&transaction_mode=IMMEDIATE", 1, NO_LOGIN, "");
      migrate(writers, "integer primary key autoincrement");
      Names.force(file);
      return new Database(writers, pool(SQLITE + file + SQLITE_OPTIONS, 4, NO_LOGIN, ""), lock);
    } catch (RuntimeException e) {
      LockFile.close(lock);
      throw asStoreException("Cannot open " + file.toAbsolutePath(), e);
    }
  }

  /** Only an empty file can still be told to give pages back to the disk. */
  private static void prepare(Path file) {
    if (file.toFile().length() > 0) {
      return;
    }
    try (Connection connection = DriverManager.getConnection(SQLITE + file);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma auto_vacuum = incremental");
      statement.execute("vacuum");
    } catch (SQLException e) {
      throw new StoreException("no database can be made there: " + e.getMessage(), e);
    }
  }

  /**
   * A process that is frozen or cut off in the middle of a transaction must not keep its locks from
   * the others: PostgreSQL ends it, before the lease is over.
   */
  private static final String LEAVE_NO_LOCKS = "set idle_in_transaction_session_timeout = '10s'";

  private static final Login NO_LOGIN = new Login(null, null);

  private static Database openPostgres(String url, Login login) {
    try {
      try (HikariDataSource first = pool(url, 2, login, "")) {
        migrate(first, "bigint generated always as identity primary key");
      }
      HikariDataSource pool = pool(url, 10, login, LEAVE_NO_LOCKS);
      return new Database(pool, pool, null);
    } catch (RuntimeException e) {
      throw asStoreException("Cannot open " + url.replaceAll("\\?.*|//[^/@]*@", "…"), e);
    }
  }

  private static StoreException asStoreException(String message, RuntimeException e) {
    String why = e instanceof StoreException ? e.getMessage() : rootOf(e).getMessage();
    return new StoreException(message + ": " + why, e);
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  private static HikariDataSource pool(String url, int size, Login login, String first) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(login.user());
    config.setPassword(login.password());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    if (!first.isEmpty()) {
      config.setConnectionInitSql(first);
    }
    config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
    config.setPoolName("slipway-" + (url.startsWith(SQLITE) ? "sqlite" : "postgresql"));
    try {
      return new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw new StoreException("no connection: " + rootOf(e).getMessage(), e);
    }
  }

  private static void migrate(HikariDataSource source, String identity) {
    try {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:db/migration")
          .placeholders(Map.of("identity", identity))
          .load()
          .migrate();
    } catch (FlywayException e) {
      source.close();
      throw new StoreException("Cannot bring the schema up to date: " + e.getMessage(), e);
    }
  }

  /** Whether this process alone can hold the database. */
  boolean isExclusive() {
    return lockFile != null;
  }

  /** What rings when this process commits. */
  public Bell bell() {
    return bell;
  }

  /** What a transaction does. */
  interface Work<T> {
    T on(Sql sql) throws SQLException;
  }

  /**
   * Runs the work as one transaction; on disk when this returns, undone when it throws.
   *
   * @throws StoreException when the database cannot be written
   */
  <T> T write(Work<T> work) {
    boolean queue = isExclusive();
    if (queue) {
      turn.lock();
    }
    try (Connection connection = writers.getConnection()) {
      T result = transact(connection, work);
      probe.sawSuccess();
      return result;
    } catch (SQLException e) {
      probe.sawFailure(e);
      throw new StoreException("The database cannot be written: " + e.getMessage(), e);
    } finally {
      if (queue) {
        turn.unlock();
      }
    }
  }

  private <T> T transact(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      T result = work.on(new Sql(connection));
      // Commits; a commit() before it would make SQLite's driver begin, and so lock, once more
      connection.setAutoCommit(true);
      done = true;
      return result;
    } finally {
      if (!done) {
        undo(connection);
      }
    }
  }

  /**
   * SQLite undoes by itself when its disk is full, and its driver does not notice: the statements
   * of the next transaction would be kept one by one. So such a connection is not used again.
   */
  private void undo(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException undoneAlready) {
      LOG.debug("Dropping a connection: {}", undoneAlready.getMessage());
      writers.evictConnection(connection);
    }
  }

  /**
   * Reads what was last committed.
   *
   * @throws StoreException when the database cannot be read
   */
  <T> T read(Work<T> work) {
    try (Connection connection = readers.getConnection()) {
      return work.on(new Sql(connection));
    } catch (SQLException e) {
      throw new StoreException("The database cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Asks the database whether it can be written, by writing.
   *
   * @throws StoreException when it cannot
   */
  public void probe() {
    if (writers.isClosed()) {
      throw new StoreException("The database is closed");
    }
    probe.ask();
  }

  @Override
  public void close() {
    readers.close();
    writers.close();
    LockFile.close(lockFile);
  }
}
