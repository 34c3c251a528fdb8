package dev.slipway.store;

import dev.slipway.time.Time;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one thread: opened when it is needed, used again and again, and given up when
 * it is no longer good.
 */
final class ThreadConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadConnection.class);

  private final Source source;
  private final Time time;
  private @Nullable Sql sql;
  private int era;
  private long usedAt;

  /** Opens and judges connections. */
  interface Source {
    Connection open() throws SQLException;

    Dialect dialect();

    /** Connections that were opened in an earlier era are not to be used. */
    int era();

    /** Whether a connection that was not used for so long can be used again. */
    boolean isGood(Connection connection, Duration idle);

    /** Hears what went wrong; may begin a new era. */
    void failed(SQLException why);
  }

  ThreadConnection(Source source, Time time) {
    this.source = source;
    this.time = time;
  }

  /** Statements on a connection that is open. */
  Sql sql() throws SQLException {
    Sql open = sql;
    if (open != null && !isGood(open)) {
      drop();
      open = null;
    }
    if (open == null) {
      era = source.era();
      open = new Sql(source.open(), source.dialect());
      sql = open;
    }
    usedAt = time.nanos();
    return open;
  }

  private boolean isGood(Sql open) {
    return era == source.era() && source.isGood(open.connection(), time.since(usedAt));
  }

  /** Tells the source what went wrong; a connection that is of no use afterwards is given up. */
  void failed(@Nullable SQLException why) {
    usedAt = time.nanos();
    if (why != null) {
      source.failed(why);
    }
  }

  /**
   * Undoes the transaction. SQLite undoes by itself when its disk is full, and its driver does not
   * notice: the statements of the next transaction would be kept one by one. So a connection that
   * has nothing to undo is not used again.
   */
  void undo() {
    Sql open = sql;
    if (open != null) {
      try {
        open.rollback();
      } catch (SQLException undoneAlready) {
        LOG.debug("Dropping a connection: {}", undoneAlready.getMessage());
        drop();
      }
    }
  }

  /** Closes the connection, which undoes what was not committed. */
  void drop() {
    Sql open = sql;
    sql = null;
    if (open != null) {
      try {
        open.connection().close();
      } catch (SQLException e) {
        LOG.debug("A connection did not close: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    drop();
  }
}
