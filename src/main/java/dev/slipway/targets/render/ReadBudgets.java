package dev.slipway.targets.render;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shares the reads that Render allows an account (400 a minute) among all deploys that are polled
 * with one key, and the list of a service's deploys among all polls of that service. One for all
 * Render targets of a process; keeps nothing that a restart would miss.
 */
public final class ReadBudgets {
  private final InstantSource clock;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  public ReadBudgets(InstantSource clock) {
    this.clock = clock;
  }

  Account of(Secret key) {
    return accounts.computeIfAbsent(key.reveal(), _ -> new Account(clock));
  }

  /** What the targets with one key share. */
  static final class Account {
    private final InstantSource clock;
    private final RenderReadBudget budget;
    private final RenderLogBudget logs;
    private final Map<URI, NewestDeploys> lists = new ConcurrentHashMap<>();

    private Account(InstantSource clock) {
      this.clock = clock;
      this.budget = new RenderReadBudget(clock);
      this.logs = new RenderLogBudget(clock);
    }

    RenderLogBudget logs() {
      return logs;
    }

    RenderReadBudget budget() {
      return budget;
    }

    /** The newest deploys of the service at this address. */
    NewestDeploys newest(URI service) {
      return lists.computeIfAbsent(service, _ -> new NewestDeploys(budget, clock));
    }
  }
}
