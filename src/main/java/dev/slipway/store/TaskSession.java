package dev.slipway.store;

import java.util.List;

/** What one thread does with tasks. */
interface TaskSession extends AutoCloseable {
  /** Brings each task to its outcome and tells it; throws nothing. */
  void serve(List<Task<?>> tasks);

  @Override
  void close();
}
