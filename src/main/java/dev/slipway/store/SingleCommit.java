package dev.slipway.store;

import dev.slipway.time.Time;
import java.sql.SQLException;
import java.util.List;

/** A transaction for each task. */
final class SingleCommit implements TaskSession {
  private final ThreadConnection link;

  SingleCommit(ThreadConnection.Source source, Time time) {
    this.link = new ThreadConnection(source, time);
  }

  @Override
  public void serve(List<Task<?>> tasks) {
    tasks.stream().filter(Task::begin).forEach(this::serve);
  }

  private void serve(Task<?> task) {
    try {
      Sql sql = link.sql();
      sql.begin();
      if (task.attempt(sql)) {
        sql.commit();
      } else {
        link.undo();
        link.failed(task.sqlFailure());
      }
      task.complete();
    } catch (SQLException e) {
      link.drop();
      link.failed(e);
      task.fail(e);
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
