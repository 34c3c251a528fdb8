package dev.slipway.store;

import java.nio.file.Path;

/** The address of an SQLite file, {@code jdbc:sqlite:FILE}. */
final class SqliteAddress {
  private static final String PREFIX = "jdbc:sqlite:";

  private SqliteAddress() {}

  /** Whether the address of a database is that of an SQLite file. */
  static boolean matches(String url) {
    return url.startsWith(PREFIX);
  }

  static Path file(String url) {
    return Path.of(url.substring(PREFIX.length()));
  }

  static String of(Path file) {
    return PREFIX + file;
  }
}
