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
  private static final Duration TURN = Duration.ofMinutes(5);
  private static final int LOOKERS = 4;

  private final String owner = UUID.randomUUID().toString();
  private final Github github;
  private final ReconcileState watch;
  private final InstantSource clock;
  private final List<String> named;
  private final ReadBudget budget;
  private final UndeliveredDeployments deployments;
  private final FailedDeliveries hooks;

  public Reconciler(
      Github github,
      Intake intake,
      ReconcileState watch,
      ReconcilePolicy terms,
      InstantSource clock) {
    this.github = github;
    this.watch = watch;
    this.clock = clock;
    this.budget = new ReadBudget(github, clock);
    RecoveryDecider takeover = new RecoveryDecider(budget, intake, watch, terms, clock);
    this.deployments = new UndeliveredDeployments(budget, intake, watch, takeover);
    this.hooks = new FailedDeliveries(budget, watch, takeover);
    this.named = named(intake, terms);
  }

  private static List<String> named(Intake intake, ReconcilePolicy terms) {
    List<String> named = new ArrayList<>(terms.named());
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
  public boolean round() throws InterruptedException {
    if (!github.hasCredential() || !takeTurn()) {
      return false;
    }
    List<ReconcileState.WatchedRepository> all =
        watch.watched(github.host(), named, clock.instant());
    boolean goesOn =
        each(all, watched -> takeTurn() && (isResting(watched) || deployments.look(watched)));
    if (goesOn) {
      boolean _ = each(all, watched -> budget.isRoomy() && takeTurn() && hooks.look(watched));
    }
    watch.lock().release(owner);
    return true;
  }

  private interface Look {
    boolean goesOn(ReconcileState.WatchedRepository watched) throws InterruptedException;
  }

  /** The first alone: a refusal of everything is known then before several have asked. */
  private static boolean each(List<ReconcileState.WatchedRepository> all, Look look)
      throws InterruptedException {
    return all.isEmpty() || (look.goesOn(all.getFirst()) && together(all, look));
  }

  private static boolean together(List<ReconcileState.WatchedRepository> all, Look look)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger(1);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    Callable<Boolean> looker =
        () -> {
          for (int i = next.getAndIncrement();
              i < all.size() && goesOn.get();
              i = next.getAndIncrement()) {
            if (!look.goesOn(all.get(i))) {
              goesOn.set(false);
            }
          }
          return goesOn.get();
        };
    try (ExecutorService lookers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> done : lookers.invokeAll(Collections.nCopies(LOOKERS, looker))) {
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

  private boolean takeTurn() {
    return watch.lock().acquire(owner, clock.instant(), TURN);
  }
}
