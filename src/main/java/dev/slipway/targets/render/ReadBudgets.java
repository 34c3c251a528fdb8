package dev.slipway.targets.render;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shares out the reads that Render allows an account (400 a minute) among all deploys that are
 * followed with one key, and the lists of a service among all who follow one of its deploys. Shared
 * by all Render targets of a process; keeps nothing that a restart would miss.
 */
public final class ReadBudgets {
  private final InstantSource clock;
  private final Map<String, Budget> budgets = new ConcurrentHashMap<>();

  public ReadBudgets(InstantSource clock) {
    this.clock = clock;
  }

  Budget of(Secret key) {
    return budgets.computeIfAbsent(key.reveal(), _ -> new Budget(clock));
  }

  /** The reads of one key: one every fifth of a second in the long run, fifty at once. */
  static final class Budget {
    private static final Duration EACH = Duration.ofMillis(200);
    private static final Duration AT_ONCE = EACH.multipliedBy(50);

    private final InstantSource clock;
    private final Map<URI, NewestDeploys> lists = new ConcurrentHashMap<>();
    private Instant paidUntil = Instant.MIN;

    private Budget(InstantSource clock) {
      this.clock = clock;
    }

    /** The newest deploys of the service at this address. */
    NewestDeploys newest(URI service) {
      return lists.computeIfAbsent(service, _ -> new NewestDeploys(this, clock));
    }

    /** Takes a place in the line of reads, and says how long it is until its turn. */
    synchronized Duration reserve() {
      Instant now = clock.instant();
      paidUntil = (paidUntil.isBefore(now) ? now : paidUntil).plus(EACH);
      Duration wait = Duration.between(now.plus(AT_ONCE), paidUntil);
      return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Counts a read that cannot wait. */
    void spend() {
      Duration _ = reserve();
    }
  }
}
