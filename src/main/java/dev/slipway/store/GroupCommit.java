package dev.slipway.store;

import dev.slipway.time.Time;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One commit for all tasks that came together, as the commit is what takes time. Each is in a
 * savepoint of its own: one that fails is undone alone. Nobody hears that a task was done before it
 * is on disk.
 */
final class GroupCommit implements TaskSession {
  private final ThreadConnection link;

  GroupCommit(ThreadConnection.Source source, Time time) {
    this.link = new ThreadConnection(source, time);
  }

  @Override
  public void serve(List<Task<?>> tasks) {
    Deque<Task<?>> left = new ArrayDeque<>(tasks.stream().filter(Task::begin).toList());
    while (!left.isEmpty()) {
      transact(left);
    }
  }

  /**
   * Takes what it does from those that are left; not all when the transaction breaks on the way.
   */
  private void transact(Deque<Task<?>> left) {
    List<Task<?>> done = new ArrayList<>();
    try {
      Sql sql = begin(left);
      boolean alone = left.size() == 1;
      while (!left.isEmpty()) {
        Task<?> task = left.remove();
        if (alone) {
          attemptAlone(task, sql, done);
        } else {
          attempt(task, sql, done);
        }
      }
      if (!done.isEmpty() || !alone) {
        sql.commit();
      }
      done.forEach(Task::complete);
    } catch (SQLException e) {
      link.drop();
      link.failed(e);
      done.forEach(task -> task.fail(e));
    }
  }

  /** Where none can begin there is nothing to hope for the others: each would wait as long. */
  private Sql begin(Deque<Task<?>> left) throws SQLException {
    try {
      Sql sql = link.sql();
      sql.begin();
      return sql;
    } catch (SQLException e) {
      left.forEach(task -> task.fail(e));
      left.clear();
      throw e;
    }
  }

  private void attemptAlone(Task<?> task, Sql sql, List<Task<?>> done) {
    if (task.attempt(sql)) {
      done.add(task);
    } else {
      link.undo();
      task.complete();
    }
  }

  private void attempt(Task<?> task, Sql sql, List<Task<?>> done) throws SQLException {
    done.add(task);
    sql.update("savepoint task");
    if (task.attempt(sql)) {
      sql.update("release task");
    } else {
      done.removeLast();
      task.complete();
      // There is none where SQLite undid everything by itself, and then nobody's work is kept
      sql.update("rollback to task");
      sql.update("release task");
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
