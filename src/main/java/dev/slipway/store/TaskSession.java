package dev.slipway.store;

import java.util.List;

/** The work of one thread of a {@code TaskQueue}, on its own connection. */
interface TaskSession extends AutoCloseable {
  /** Brings each task to its outcome and tells it; throws nothing. */
  void serve(List<Task<?>> tasks);

  @Override
  void close();
}
