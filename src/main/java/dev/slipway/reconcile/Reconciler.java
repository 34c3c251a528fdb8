package dev.slipway.reconcile;

import dev.slipway.github.Github;
import dev.slipway.intake.Intake;
import dev.slipway.model.RouteMatch;
import dev.slipway.store.ReconcileState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks a GitHub host for deployments that it could not deliver, a round at a time. A deployment is
 * started only if a route takes it, nobody has posted a status for it, and nothing newer of its
 * environment was accepted; the intake decides, as it does about deliveries. One process does this
 * at a time, by a cluster lock. For one thread.
 */
public final class Reconciler {
  private static final Duration LOCK_TIME = Duration.ofMinutes(5);
  private static final int CHECKS_AT_ONCE = 4;

  private final String owner = UUID.randomUUID().toString();
  private final Github github;
  private final ReconcileState state;
  private final InstantSource clock;
  private final List<String> repositories;
  private final ReadBudget budget;
  private final UndeliveredDeployments deployments;
  private final FailedDeliveries failedDeliveries;
  private final AppDeliveries appDeliveries;

  public Reconciler(
      Github github,
      Intake intake,
      ReconcileState state,
      ReconcilePolicy policy,
      InstantSource clock) {
    this.github = github;
    this.state = state;
    this.clock = clock;
    this.budget = new ReadBudget(github, clock);
    RecoveryDecider decider = new RecoveryDecider(budget, intake, state, policy, clock);
    this.deployments = new UndeliveredDeployments(budget, intake, state, decider);
    this.failedDeliveries = new FailedDeliveries(budget, state, decider);
    this.appDeliveries = new AppDeliveries(budget, intake, state, decider);
    this.repositories = repositories(github.host(), intake, policy);
  }

  private static List<String> repositories(String host, Intake intake, ReconcilePolicy policy) {
    List<String> named = new ArrayList<>(policy.repositories());
    intake.router().routes().stream()
        .filter(route -> route.match().takesHost(host))
        .forEach(route -> named.addAll(route.match().patterns(RouteMatch.Part.REPOSITORIES)));
    return named.stream().filter(name -> name.matches("[\\w.-]+/[\\w.-]+")).distinct().toList();
  }

  /** The host that is asked. */
  public String host() {
    return github.host();
  }

  /**
   * Checks every known repository once, as far as GitHub's limits allow; the next round goes on
   * with those that were not reached.
   *
   * @return false when another process has the lock, or there is no credential to ask with
   */
  public boolean reconcile() throws InterruptedException {
    if (!github.hasCredential() || !acquireLock()) {
      return false;
    }
    try {
      checkRepositories();
    } finally {
      // Whoever starts next, after a stop within the round, need not wait for the lock's end
      state.lock(github.host()).release(owner);
    }
    return true;
  }

  private void checkRepositories() throws InterruptedException {
    List<ReconcileState.WatchedRepository> all =
        state.watched(github.host(), repositories, clock.instant());
    boolean goesOn =
        checkAll(
            all, watched -> acquireLock() && (isResting(watched) || deployments.check(watched)));
    if (goesOn && github.isApp() && budget.isHalfLeft() && acquireLock()) {
      appDeliveries.check(github.host(), all);
    } else if (goesOn && !github.isApp()) {
      boolean _ =
          checkAll(
              all,
              watched -> budget.isHalfLeft() && acquireLock() && failedDeliveries.check(watched));
    }
  }

  private interface RepositoryCheck {
    boolean canGoOn(ReconcileState.WatchedRepository watched) throws InterruptedException;
  }

  /** The first is checked alone: a refusal of every call is known before several are made. */
  private static boolean checkAll(List<ReconcileState.WatchedRepository> all, RepositoryCheck look)
      throws InterruptedException {
    return all.isEmpty() || (look.canGoOn(all.getFirst()) && checkInParallel(all, look));
  }

  private static boolean checkInParallel(
      List<ReconcileState.WatchedRepository> all, RepositoryCheck look)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger(1);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    Callable<Boolean> check =
        () -> {
          for (int i = next.getAndIncrement();
              i < all.size() && goesOn.get();
              i = next.getAndIncrement()) {
            if (!look.canGoOn(all.get(i))) {
              goesOn.set(false);
            }
          }
          return goesOn.get();
        };
    try (ExecutorService checks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> done : checks.invokeAll(Collections.nCopies(CHECKS_AT_ONCE, check))) {
        boolean _ = done.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
    return goesOn.get();
  }

  private boolean isResting(ReconcileState.WatchedRepository watched) {
    return watched.restUntil().isAfter(clock.instant());
  }

  private boolean acquireLock() {
    return state.lock(github.host()).acquire(owner, clock.instant(), LOCK_TIME);
  }
}
