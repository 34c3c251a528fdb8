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
 * Asks GitHub for what it could not deliver, a round at a time. A deployment is taken only if a
 * route takes it, nobody has posted a status for it, and nothing newer of its environment was
 * accepted; the intake decides, as it does about deliveries. One process looks at a time. For one
 * thread.
 */
public final class Reconciler {
  static final Duration REST = Duration.ofHours(1);
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

  public Reconciler(
      Github github,
      Intake intake,
      ReconcileState watch,
      ReconcilePolicy terms,
      InstantSource clock) {
    this.github = github;
    this.state = watch;
    this.clock = clock;
    this.budget = new ReadBudget(github, clock);
    RecoveryDecider takeover = new RecoveryDecider(budget, intake, watch, terms, clock);
    this.deployments = new UndeliveredDeployments(budget, intake, watch, takeover);
    this.failedDeliveries = new FailedDeliveries(budget, watch, takeover);
    this.repositories = repositories(intake, terms);
  }

  private static List<String> repositories(Intake intake, ReconcilePolicy terms) {
    List<String> named = new ArrayList<>(terms.repositories());
    intake
        .router()
        .routes()
        .forEach(route -> named.addAll(route.match().patterns(RouteMatch.Part.REPOSITORIES)));
    return named.stream().filter(name -> name.matches("[\\w.-]+/[\\w.-]+")).distinct().toList();
  }

  /**
   * Looks at every known repository once, as far as GitHub's limits allow; the next round goes on
   * with those that were not reached.
   *
   * @return false when another process looks at the moment, or there is no credential to ask with
   */
  public boolean reconcile() throws InterruptedException {
    if (!github.hasCredential() || !acquireLock()) {
      return false;
    }
    List<ReconcileState.WatchedRepository> all =
        state.watched(github.host(), repositories, clock.instant());
    boolean goesOn =
        checkAll(
            all, watched -> acquireLock() && (isResting(watched) || deployments.check(watched)));
    if (goesOn) {
      boolean _ =
          checkAll(
              all,
              watched -> budget.isHalfLeft() && acquireLock() && failedDeliveries.check(watched));
    }
    state.lock().release(owner);
    return true;
  }

  private interface RepositoryCheck {
    boolean canGoOn(ReconcileState.WatchedRepository watched) throws InterruptedException;
  }

  /** The first alone: a refusal of everything is known then before several have asked. */
  private static boolean checkAll(List<ReconcileState.WatchedRepository> all, RepositoryCheck look)
      throws InterruptedException {
    return all.isEmpty() || (look.canGoOn(all.getFirst()) && checkInParallel(all, look));
  }

  private static boolean checkInParallel(
      List<ReconcileState.WatchedRepository> all, RepositoryCheck look)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger(1);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    Callable<Boolean> looker =
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
    try (ExecutorService lookers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> done : lookers.invokeAll(Collections.nCopies(CHECKS_AT_ONCE, looker))) {
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
    return state.lock().acquire(owner, clock.instant(), LOCK_TIME);
  }
}
