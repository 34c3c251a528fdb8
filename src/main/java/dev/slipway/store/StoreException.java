package dev.slipway.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The database could not be read or written. Nothing of the transaction was kept, unless what was
 * lost is the answer to its commit.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreException(String message) {
    super(message);
  }

  /** Statements within a transaction. */
  interface Statements<T> {
    T run() throws SQLException;
  }

  /** Runs statements for a caller outside of this package, which does not know SQL. */
  static <T> T unchecked(Statements<T> statements) {
    try {
      return statements.run();
    } catch (SQLException e) {
      throw new StoreException("The database cannot be written: " + e.getMessage(), e);
    }
  }

  /** The first cause. */
  static Throwable rootOf(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  /** The exception of the database, if that was thrown or is the cause; else null. */
  static @Nullable SQLException sqlOf(Throwable thrown) {
    return switch (thrown) {
      case SQLException e -> e;
      case StoreException e when e.getCause() instanceof SQLException cause -> cause;
      default -> null;
    };
  }
}
