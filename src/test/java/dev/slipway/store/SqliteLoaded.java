package dev.slipway.store;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.Extension;

/**
 * Loads SQLite before the first test. Where one class opens a database by Slipway and another at
 * the same moment by the driver alone, two copies of the library would be loaded beside each other.
 * JUnit finds it by its name in {@code META-INF/services}.
 */
public final class SqliteLoaded implements Extension {
  public SqliteLoaded() {
    SqliteLibrary.load(Path.of(System.getProperty("java.io.tmpdir")));
  }
}
