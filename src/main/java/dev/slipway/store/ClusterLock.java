package dev.slipway.store;

import java.time.Duration;
import java.time.Instant;

/**
 * A lock that one process holds at a time, among all that share the database. It runs out unless
 * its owner acquires it again.
 */
public final class ClusterLock {
  private final Database database;
  private final String name;

  ClusterLock(Database database, String name) {
    this.database = database;
    this.name = name;
  }

  /**
   * Acquires the lock, or renews it for an owner that has it.
   *
   * @param duration how long it is held unless it is acquired again
   * @return whether this owner holds it now
   */
  public boolean acquire(String owner, Instant now, Duration duration) {
    return database.write(
        sql -> {
          sql.update(
              "insert into cluster_lock (name, owner, until_at) values (?, '', 0)"
                  + " on conflict do nothing",
              name);
          // An earlier owner on a database that no other process can have is a dead process
          return sql.update(
                  "update cluster_lock set owner = ?, until_at = ? where name = ?"
                      + " and (owner = ? or until_at <= ? or ? = 1)",
                  owner,
                  now.plus(duration),
                  name,
                  owner,
                  now,
                  database.isExclusive())
              == 1;
        });
  }

  /** Lets others acquire the lock; does nothing unless this owner holds it. */
  public void release(String owner) {
    database.write(
        sql ->
            sql.update(
                "update cluster_lock set until_at = 0 where name = ? and owner = ?", name, owner));
  }
}
