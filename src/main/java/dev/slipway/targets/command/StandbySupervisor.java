package dev.slipway.targets.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A supervisor that waits for its order, and ends without a trace when there will be none.
 *
 * @param directory what becomes the directory of the run; says who leads it
 */
record StandbySupervisor(Path directory, ProcessIdentity leader, Spawner.Child child)
    implements AutoCloseable {
  /** What a pipe takes before anybody reads it. */
  private static final int AT_ONCE = 32 * 1024;

  boolean isWaiting() {
    return !child.exit().isDone();
  }

  /** Hands it its order. Only its claim tells whether that arrived whole. */
  void order(LaunchOrder order) {
    byte[] bytes = order.bytes();
    if (bytes.length <= AT_ONCE) {
      send(bytes);
    } else {
      // One that stands still would hold us up for as long
      Thread _ = Thread.ofVirtual().name("order").start(() -> send(bytes));
    }
  }

  private void send(byte[] bytes) {
    try (OutputStream input = child.input()) {
      input.write(bytes);
    } catch (IOException ended) {
      // Or it was closed meanwhile; without the last line nothing starts
    }
  }

  /** Lets it end if it has no order yet. What it was ordered stays true, so nothing fails here. */
  @Override
  public void close() {
    try {
      child.input().close();
    } catch (IOException closed) {
      // There is nothing more to close
    }
  }
}
