package dev.slipway.store;

import dev.slipway.model.WebhookSubscription;
import dev.slipway.time.SystemTime;
import dev.slipway.time.Time;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open database with its schema in place: one SQLite file, which this process alone holds, or
 * PostgreSQL, which it may share. When {@link #write} returns, the transaction is on disk: SQLite
 * runs with {@code synchronous=FULL}, PostgreSQL with its default {@code synchronous_commit}.
 */
public final class Database implements AutoCloseable {
  private final Dialect dialect;
  private final TaskQueue writers;
  private final TaskQueue readers;
  private final @Nullable FileChannel lockFile;
  private final CommitNotifier notifier = new CommitNotifier();
  private final Handover handover = new Handover();
  private final WriteProbe probe;
  private volatile List<WebhookSubscription> subscriptions = List.of();

  private Database(
      Dialect dialect,
      TaskQueue writers,
      TaskQueue readers,
      @Nullable FileChannel lockFile,
      Time time) {
    this.dialect = dialect;
    this.writers = writers;
    this.readers = readers;
    this.lockFile = lockFile;
    this.probe = new WriteProbe(this::write, time);
  }

  /**
   * Opens the database and brings its schema up to date.
   *
   * @param url {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://…}
   * @throws StoreException saying what is wrong, without the address's password
   */
  public static Database open(String url, DatabaseLogin login) {
    return switch (Dialect.of(url)) {
      case SQLITE -> openSqlite(SqliteAddress.file(url));
      case POSTGRESQL -> openPostgres(url, login);
    };
  }

  private static Database openSqlite(Path file) {
    FileChannel lock = LockFile.acquire(file);
    try {
      Sqlite.prepare(file);
      Schema.migrate(Sqlite.writerUrl(file), NOBODY, Dialect.SQLITE);
      DirectorySync.force(file);
    } catch (RuntimeException e) {
      LockFile.release(lock);
      throw asStoreException("Cannot open " + file.toAbsolutePath(), e);
    }
    Time time = new SystemTime();
    return new Database(
        Dialect.SQLITE, Sqlite.writers(file, time), Sqlite.readers(file, time), lock, time);
  }

  private static Database openPostgres(String url, DatabaseLogin login) {
    Time time = new SystemTime();
    Postgres postgres = new Postgres(url, login, time);
    try {
      postgres.connect();
      Schema.migrate(postgres.url(), login, Dialect.POSTGRESQL);
    } catch (RuntimeException e) {
      throw asStoreException("Cannot open " + url.replaceAll("\\?.*|//[^/@]*@", "…"), e);
    }
    return new Database(Dialect.POSTGRESQL, postgres.writers(), postgres.readers(), null, time);
  }

  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);

  private static StoreException asStoreException(String message, RuntimeException e) {
    String why =
        e instanceof StoreException ? e.getMessage() : StoreException.rootOf(e).getMessage();
    return new StoreException(message + ": " + why, e);
  }

  /** The SQL of this database. */
  Dialect dialect() {
    return dialect;
  }

  /** Whether no other process can have the database, as this one holds its lock file. */
  boolean isExclusive() {
    return lockFile != null;
  }

  /** Wakes threads when this process commits. */
  public CommitNotifier notifier() {
    return notifier;
  }

  /** Passes runs on that need not wait in a queue. */
  Handover handover() {
    return handover;
  }

  /** From now on these webhooks are told of each status that a transaction adds. */
  void subscribe(List<WebhookSubscription> webhooks) {
    subscriptions = List.copyOf(webhooks);
  }

  /**
   * Runs the work as one transaction; on disk when this returns, undone when it throws. The work
   * runs on another thread than the caller's. An interrupt of the caller changes nothing: the work
   * goes on, its outcome is waited for, and the caller keeps its flag.
   *
   * @throws StoreException when the database cannot be written, or not within a minute
   */
  <T> T write(SqlWork<T> work) {
    return write(work, WaitLimit.ORDINARY);
  }

  /**
   * Runs the work as {@link #write(Work)} does, for somebody who cannot wait.
   *
   * @param limit after which work that has not begun is withdrawn, and the outcome of work that has
   *     begun is waited for no longer
   * @throws StoreException when the database cannot be written, or not within the limit
   */
  <T> T write(SqlWork<T> work, Duration limit) {
    return write(work, WaitLimit.of(limit));
  }

  private <T> T write(SqlWork<T> work, WaitLimit limit) {
    refuseInside();
    try {
      T result = writers.run(sql -> work.on(sql.telling(subscriptions)), limit);
      probe.recordSuccess();
      return result;
    } catch (SQLException e) {
      probe.recordFailure(e);
      throw new StoreException("The database cannot be written: " + e.getMessage(), e);
    } catch (StoreException e) {
      SQLException cause = StoreException.sqlOf(e);
      if (cause != null) {
        probe.recordFailure(cause);
      }
      throw e;
    }
  }

  /** A work that waited for another of its own thread would wait for ever. */
  private void refuseInside() {
    if (writers.isInside() || readers.isInside()) {
      throw new IllegalStateException(
          "A work on the database may not ask the database again; give it what it needs before");
    }
  }

  /** The number of writes that wait for a thread. */
  int waitingWrites() {
    return writers.waiting();
  }

  /**
   * Reads what was last committed; all statements of the work see the same moment.
   *
   * @throws StoreException when the database cannot be read, or not within a minute
   */
  <T> T read(SqlWork<T> work) {
    refuseInside();
    try {
      return readers.run(work, WaitLimit.ORDINARY);
    } catch (SQLException e) {
      throw new StoreException("The database cannot be read: " + e.getMessage(), e);
    }
  }

  /** Its transactions, for what another process may do to the database as well. */
  Transactions transactions() {
    return new Transactions() {
      @Override
      public <T> T write(SqlWork<T> work) {
        return Database.this.write(work);
      }

      @Override
      public <T> T read(SqlWork<T> work) {
        return Database.this.read(work);
      }
    };
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
    probe.check();
  }

  /** Ends what was begun, takes nothing more, and lets others have the database. */
  @Override
  public void close() {
    readers.close();
    writers.close();
    if (writers.hasEnded()) {
      LockFile.release(lockFile);
    }
  }
}
