package dev.slipway.control;

import dev.slipway.model.Actor;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import dev.slipway.secret.Redactor;
import dev.slipway.store.ChatOpsAct;
import dev.slipway.store.EnvironmentLocks;
import dev.slipway.store.Inbox;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks and unlocks for whoever may. What is said about a lock goes to statuses on GitHub, so
 * secrets are taken out of it before it is kept.
 */
public final class LockService {
  private static final Logger LOG = LoggerFactory.getLogger(LockService.class);

  private final EnvironmentLocks locks;
  private final Inbox inbox;
  private final Redactor redactor;
  private final InstantSource clock;

  public LockService(EnvironmentLocks locks, Inbox inbox, Redactor redactor, InstantSource clock) {
    this.locks = locks;
    this.inbox = inbox;
    this.redactor = redactor;
    this.clock = clock;
  }

  /** Locks, or renews the lock of the same owner on the same scope. */
  public EnvironmentLocks.Placement lock(LockRequest request, Actor actor) {
    Instant now = clock.instant();
    return logged(locks.place(wish(request, now), actor, now), request, actor);
  }

  /**
   * The same for a ChatOps task, which is known to have done it from then on.
   *
   * @see #lock(LockRequest, Actor)
   */
  EnvironmentLocks.Placement lock(LockRequest request, Actor actor, ChatOpsAct act) {
    Instant now = clock.instant();
    return logged(locks.place(wish(request, now), actor, now, act), request, actor);
  }

  private EnvironmentLocks.Wish wish(LockRequest request, Instant now) {
    return new EnvironmentLocks.Wish(
        request.scope(),
        redactor.redact(request.owner()).text(),
        redactor.redact(request.reason()).text(),
        request.ttl().map(now::plus).orElse(null));
  }

  private static EnvironmentLocks.Placement logged(
      EnvironmentLocks.Placement placement, LockRequest request, Actor actor) {
    if (!(placement instanceof EnvironmentLocks.Placement.Taken)) {
      LOG.info("{} is locked by {}", request.scope().description(), actor.name());
    }
    return placement;
  }

  /** Removes the lock with this number; empty when there is none. */
  public Optional<EnvironmentLock> unlock(long id, Actor actor) {
    return logged(locks.remove(id, actor, clock.instant()), actor);
  }

  /** Removes the lock on exactly this scope; empty when there is none. */
  public Optional<EnvironmentLock> unlock(LockScope scope, Actor actor) {
    return logged(locks.remove(scope, actor, clock.instant()), actor);
  }

  /**
   * The same for a ChatOps task, which is known to have done it from then on.
   *
   * @param isOnlyHost whether there is no other GitHub host, whose lock it could be, too
   * @see #unlock(LockScope, Actor)
   */
  Optional<EnvironmentLock> unlock(
      LockScope scope, boolean isOnlyHost, Actor actor, ChatOpsAct act) {
    return logged(locks.remove(scope, isOnlyHost, actor, clock.instant(), act), actor);
  }

  /** The lock on this repository and environment at all GitHub hosts; empty when there is none. */
  Optional<EnvironmentLock> lockAtAllHosts(LockScope scope) {
    return locks().stream()
        .filter(
            lock ->
                lock.scope().host().isEmpty()
                    && lock.scope().repository().equalsIgnoreCase(scope.repository())
                    && lock.scope().environment().equalsIgnoreCase(scope.environment()))
        .findFirst();
  }

  private static Optional<EnvironmentLock> logged(Optional<EnvironmentLock> removed, Actor actor) {
    removed.ifPresent(
        lock -> LOG.info("{} is unlocked by {}", lock.scope().description(), actor.name()));
    return removed;
  }

  /**
   * Lets a deployment that waits start within freeze windows. Locks hold it all the same. Who
   * repeats it changes nothing.
   *
   * @return whether it waits, or was let before; empty when there is no such deployment
   */
  public Optional<Boolean> overrideFreeze(long deploymentId, Actor actor, String reason) {
    String why = redactor.redact(reason).text();
    Instant now = clock.instant();
    return inbox.record(transaction -> transaction.overrideFreeze(deploymentId, actor, why, now));
  }

  /** The lock with this number; empty when it holds nothing now. */
  public Optional<EnvironmentLock> find(long id) {
    return locks.find(id, clock.instant());
  }

  /** The locks that hold something now, the oldest first. */
  public List<EnvironmentLock> locks() {
    return locks.list(clock.instant());
  }
}
