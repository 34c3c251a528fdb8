package dev.slipway.store;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The locks on environments. When a method returns, what it did is on disk; what was removed holds
 * nothing from then on, and those who waited for it are taken.
 */
public final class EnvironmentLocks {
  /** A list ends after so many. */
  public static final int MOST = 1000;

  private final Database database;

  public EnvironmentLocks(Database database) {
    this.database = database;
  }

  /**
   * A lock that somebody wants.
   *
   * @param expiresAt when it ends by itself; null when it has to be removed
   */
  public record Wish(LockScope scope, String owner, String reason, @Nullable Instant expiresAt) {}

  /** What came of a wish. */
  public sealed interface Placement {
    /** The lock that there is now. */
    EnvironmentLock lock();

    /** There was none before. */
    record Placed(EnvironmentLock lock) implements Placement {}

    /** The same owner had it; reason and end are as wished now. */
    record Renewed(EnvironmentLock lock) implements Placement {}

    /** Another owner has it, and nothing was changed. */
    record Taken(EnvironmentLock lock) implements Placement {}
  }

  /**
   * Locks, or changes the lock that the owner has on the same scope; the audit tells who did it.
   * When this returns nothing starts in the scope any more, unless its start was written before.
   */
  public Placement place(Wish wish, Actor actor, Instant now) {
    return place(wish, actor, now, (_, _) -> {});
  }

  /**
   * The same for a ChatOps task; that it locked is kept with it.
   *
   * @see #place(Wish, Actor, Instant)
   */
  public Placement place(Wish wish, Actor actor, Instant now, ChatOpsAct act) {
    return place(wish, actor, now, (sql, lock) -> act.record(sql, lock.id()));
  }

  /** What is written with an act. */
  private interface Done {
    void to(Sql sql, EnvironmentLock lock) throws SQLException;
  }

  private Placement place(Wish wish, Actor actor, Instant now, Done done) {
    Placement placement =
        database.write(
            sql -> {
              if (sql.dialect().hasConcurrentWrites()) {
                sql.execute("lock table environment_lock in exclusive mode");
              }
              sql.update("delete from environment_lock where expires_at <= ?", now);
              Optional<EnvironmentLock> held = find(sql, wish.scope());
              Placement placed =
                  held.isPresent() && !held.get().owner().equals(wish.owner())
                      ? new Placement.Taken(held.get())
                      : write(sql, wish, held, now);
              if (!(placed instanceof Placement.Taken)) {
                audit(sql, now, actor, AuditEntry.Action.LOCK, placed.lock());
                done.to(sql, placed.lock());
              }
              return placed;
            });
    if (placement instanceof Placement.Renewed) {
      // It may end earlier, and its reason is another. Whoever begins a start has its queue and
      // waits for the table, so nobody may have the table and wait for queues
      boolean _ =
          database.write(
              sql -> {
                releaseHeld(sql);
                return true;
              });
    }
    database.notifier().signal(CommitNotifier.QUEUE);
    return placement;
  }

  /** The row of another transaction that locks the same meanwhile is waited for, and stays. */
  private static Placement write(Sql sql, Wish wish, Optional<EnvironmentLock> held, Instant now)
      throws SQLException {
    Optional<EnvironmentLock> written =
        sql.first(
            EnvironmentLocks::of,
            """
            insert into environment_lock (host, repository_key, environment_key, repository,
              environment, owner, reason, created_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (host, repository_key, environment_key)
              do update set reason = excluded.reason, expires_at = excluded.expires_at
                where environment_lock.owner = excluded.owner
            returning *
            """,
            key(wish.scope().host()),
            key(wish.scope().repository()),
            key(wish.scope().environment()),
            wish.scope().repository(),
            wish.scope().environment(),
            wish.owner(),
            wish.reason(),
            now,
            wish.expiresAt());
    if (written.isEmpty()) {
      return new Placement.Taken(find(sql, wish.scope()).orElseThrow());
    }
    return held.isPresent()
        ? new Placement.Renewed(written.get())
        : new Placement.Placed(written.get());
  }

  /** Those that have not ended, the oldest first. */
  public List<EnvironmentLock> list(Instant now) {
    return database.read(
        sql ->
            sql.list(
                EnvironmentLocks::of,
                "select * from environment_lock where expires_at is null or expires_at > ?"
                    + " order by id limit ?",
                now,
                MOST));
  }

  /** The lock with this number; empty when there is none, or it has ended. */
  public Optional<EnvironmentLock> find(long id, Instant now) {
    return database.read(
        sql ->
            sql.first(
                EnvironmentLocks::of,
                "select * from environment_lock"
                    + " where id = ? and (expires_at is null or expires_at > ?)",
                id,
                now));
  }

  /** Removes the lock with this number; empty when there is none. */
  public Optional<EnvironmentLock> remove(long id, Actor actor, Instant now) {
    return removed(
        sql ->
            sql.list(
                EnvironmentLocks::of, "delete from environment_lock where id = ? returning *", id),
        actor,
        now,
        (_, _) -> {});
  }

  /**
   * Removes the lock on this repository and environment, or on all where one is empty. A host that
   * is named in the lock or here, and not in the other, makes no difference.
   *
   * @return it, or one of them; empty when there is none
   */
  public Optional<EnvironmentLock> remove(LockScope scope, Actor actor, Instant now) {
    return remove(scope, "", actor, now, (_, _) -> {});
  }

  /**
   * The same for a ChatOps task; that it unlocked is kept with it.
   *
   * @param isOnlyHost whether there is no host but that of the scope. Where there are others, a
   *     lock that names no host stays: it is theirs, too
   * @see #remove(LockScope, Actor, Instant)
   */
  public Optional<EnvironmentLock> remove(
      LockScope scope, boolean isOnlyHost, Actor actor, Instant now, ChatOpsAct act) {
    return remove(
        scope,
        isOnlyHost ? "" : scope.host(),
        actor,
        now,
        (sql, lock) -> act.record(sql, lock.id()));
  }

  /**
   * @param alternative what a lock may name as its host instead
   */
  private Optional<EnvironmentLock> remove(
      LockScope scope, String alternative, Actor actor, Instant now, Done done) {
    String host = key(scope.host());
    return removed(
        sql ->
            sql.list(
                EnvironmentLocks::of,
                """
                delete from environment_lock where repository_key = ? and environment_key = ?
                  and (host in (?, ?) or ? = '') returning *
                """,
                key(scope.repository()),
                key(scope.environment()),
                host,
                key(alternative),
                host),
        actor,
        now,
        done);
  }

  private interface Removal {
    List<EnvironmentLock> from(Sql sql) throws SQLException;
  }

  /**
   * @param done is written for the first that held something
   */
  private Optional<EnvironmentLock> removed(Removal removal, Actor actor, Instant now, Done done) {
    List<EnvironmentLock> removed =
        database.write(
            sql -> {
              List<EnvironmentLock> gone = removal.from(sql);
              // One that had ended by itself is only cleared away: nobody unlocked anything
              List<EnvironmentLock> unlocked =
                  gone.stream()
                      .filter(lock -> lock.expiresAt() == null || lock.expiresAt().isAfter(now))
                      .toList();
              for (EnvironmentLock lock : unlocked) {
                audit(sql, now, actor, AuditEntry.Action.UNLOCK, lock);
              }
              if (!unlocked.isEmpty()) {
                done.to(sql, unlocked.getFirst());
              }
              if (!gone.isEmpty()) {
                releaseHeld(sql);
              }
              return unlocked;
            });
    database.notifier().signal(CommitNotifier.QUEUE);
    return removed.stream().findFirst();
  }

  private static void audit(
      Sql sql, Instant now, Actor actor, AuditEntry.Action action, EnvironmentLock lock)
      throws SQLException {
    AuditLog.add(sql, AuditEntry.of(now, actor, action, lock.scope(), lock.reason()));
  }

  /**
   * Has the heads of all held queues looked at again. Their order keeps two who do this at once
   * from waiting for each other.
   */
  static void releaseHeld(Sql sql) throws SQLException {
    sql.update(
        "update queue set held_until = 0 where queue_key in"
            + " (select queue_key from queue where running_run_id is null"
            + " and head_run_id is not null and held_until > 0 order by queue_key"
            + sql.dialect().forUpdate()
            + ")");
  }

  private static Optional<EnvironmentLock> find(Sql sql, LockScope scope) throws SQLException {
    return sql.first(
        EnvironmentLocks::of,
        "select * from environment_lock"
            + " where host = ? and repository_key = ? and environment_key = ?"
            + sql.dialect().forUpdate(),
        key(scope.host()),
        key(scope.repository()),
        key(scope.environment()));
  }

  /**
   * No lock is placed by another transaction until this one ends. One that writes that something
   * starts calls it before it looks for a lock: then either the start was written before the lock
   * was, or the lock is found.
   */
  static void keepOthersFromPlacing(Sql sql) throws SQLException {
    if (sql.dialect().hasConcurrentWrites()) {
      sql.execute("lock table environment_lock in row share mode");
    }
  }

  /**
   * The lock that holds an environment, of several the one that ends last.
   *
   * @param host with the others in lower case, as the rows have them
   */
  static Optional<EnvironmentLock> holding(
      Sql sql, String host, String repositoryKey, String environmentKey, Instant now)
      throws SQLException {
    return sql.first(
        EnvironmentLocks::of,
        """
        select * from environment_lock
          where host in (?, '') and repository_key in (?, '') and environment_key in (?, '')
            and (expires_at is null or expires_at > ?)
          order by coalesce(expires_at, ?) desc, id limit 1
        """,
        host,
        repositoryKey,
        environmentKey,
        now,
        Long.MAX_VALUE);
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static EnvironmentLock of(Sql.Columns columns) throws SQLException {
    return new EnvironmentLock(
        columns.number("id"),
        new LockScope(
            columns.text("host"), columns.text("repository"), columns.text("environment")),
        columns.text("owner"),
        columns.text("reason"),
        columns.instant("created_at"),
        columns.optionalInstant("expires_at"));
  }
}
