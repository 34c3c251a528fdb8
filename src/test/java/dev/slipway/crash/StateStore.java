package dev.slipway.crash;

import java.io.IOException;
import java.nio.file.Path;

/** Where Slipway keeps what it knows, and how that is taken away from under it. */
interface StateStore extends AutoCloseable {
  /** What the row calls it. */
  String name();

  /** The address of the database; empty for the SQLite file in the folder. */
  String url();

  /**
   * The address by which the database is reached past everything that is broken on purpose.
   *
   * @param data where the SQLite file is
   */
  default String directUrl(Path data) {
    return url().isEmpty() ? "jdbc:sqlite:" + data.resolve("slipway.db") : url();
  }

  /** Called between two lives. */
  default void lapse() {}

  /** Whether {@link #fail} does anything. */
  default boolean canFail() {
    return false;
  }

  /** Stops working. */
  default void fail() throws IOException, InterruptedException {}

  /** Works again, if it did not. */
  default void recover() throws IOException, InterruptedException {}

  @Override
  default void close() {}

  /** The SQLite file in the folder. */
  static StateStore sqlite() {
    return new Given("SQLite", "", () -> {});
  }

  /** An empty database at PostgreSQL that somebody else looks after. */
  static StateStore postgresql(String url) {
    return new Given("PostgreSQL", url, () -> ElapsedTime.on(url));
  }

  /** A database that never fails. */
  record Given(String name, String url, Runnable between) implements StateStore {
    @Override
    public void lapse() {
      between.run();
    }
  }
}
