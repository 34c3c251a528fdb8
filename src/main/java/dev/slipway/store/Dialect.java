package dev.slipway.store;

import java.util.Map;

/** The differences between the SQL of SQLite and that of PostgreSQL. */
enum Dialect {
  /** One transaction writes at a time, so no row needs a lock, and there is no syntax for it. */
  SQLITE(false),

  /** Several transactions write at once and lock rows against each other. */
  POSTGRESQL(true);

  private static final String GENERATED = "bigint generated always as identity primary key";

  private final boolean concurrentWrites;

  Dialect(boolean concurrentWrites) {
    this.concurrentWrites = concurrentWrites;
  }

  /** The dialect of the database at this address. */
  static Dialect of(String url) {
    return SqliteAddress.matches(url) ? SQLITE : POSTGRESQL;
  }

  /** Whether several transactions write at once. */
  boolean hasConcurrentWrites() {
    return concurrentWrites;
  }

  /** Ends a query that locks the rows it finds. */
  String forUpdate() {
    return concurrentWrites ? " for update" : "";
  }

  /** Ends a query that locks the rows it finds and passes over those that are locked. */
  String forUpdateSkipLocked() {
    return concurrentWrites ? " for update skip locked" : "";
  }

  /** Does the same for the rows of one table of a join. */
  String forUpdateSkipLocked(String alias) {
    return concurrentWrites ? " for update of " + alias + " skip locked" : "";
  }

  /**
   * The words of the schema for this database: {@code identity} is a key that the database counts
   * up and never gives twice, {@code counted} one of rows that nothing refers to by it, {@code
   * number} the type of a key that is counted elsewhere, and {@code by_key} ends the definition of
   * a table that is read by its key alone.
   */
  Map<String, String> placeholders() {
    return switch (this) {
      case SQLITE ->
          Map.of(
              "identity", "integer primary key autoincrement",
              "counted", "integer primary key",
              "number", "integer",
              "by_key", " without rowid");
      case POSTGRESQL ->
          Map.of("identity", GENERATED, "counted", GENERATED, "number", "bigint", "by_key", "");
    };
  }
}
