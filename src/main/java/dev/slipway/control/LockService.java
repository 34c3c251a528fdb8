package dev.slipway.control;

import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import dev.slipway.secret.Redactor;
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
  public EnvironmentLocks.Placement lock(LockRequest request) {
    Instant now = clock.instant();
    EnvironmentLocks.Placement placement =
        locks.place(
            new EnvironmentLocks.Wish(
                request.scope(),
                redactor.redact(request.owner()).text(),
                redactor.redact(request.reason()).text(),
                request.ttl().map(now::plus).orElse(null)),
            now);
    if (!(placement instanceof EnvironmentLocks.Placement.Taken)) {
      LOG.info("{} is locked by {}", request.scope().description(), placement.lock().owner());
    }
    return placement;
  }

  /** Removes the lock with this number; empty when there is none. */
  public Optional<EnvironmentLock> unlock(long id) {
    return logged(locks.remove(id, clock.instant()));
  }

  /** Removes the lock on exactly this scope; empty when there is none. */
  public Optional<EnvironmentLock> unlock(LockScope scope) {
    return logged(locks.remove(scope, clock.instant()));
  }

  private static Optional<EnvironmentLock> logged(Optional<EnvironmentLock> removed) {
    removed.ifPresent(lock -> LOG.info("{} is unlocked", lock.scope().description()));
    return removed;
  }

  /**
   * Lets a deployment that waits start within freeze windows. Locks hold it all the same.
   *
   * @param actor who says so
   * @return whether it waits; empty when there is no such deployment
   */
  public Optional<Boolean> overrideFreeze(long deploymentId, String actor, String reason) {
    String line =
        redactor.redact("Freeze windows are overridden by %s: %s".formatted(actor, reason)).text();
    Instant now = clock.instant();
    Optional<Boolean> done =
        inbox.record(transaction -> transaction.overrideFreeze(deploymentId, line, now));
    done.filter(overridden -> overridden)
        .ifPresent(_ -> LOG.info("Deployment {}: {}", deploymentId, line));
    return done;
  }

  /** The locks that hold something now, the oldest first. */
  public List<EnvironmentLock> locks() {
    return locks.list(clock.instant());
  }
}
