package dev.slipway.reconcile;

import dev.slipway.github.Github;
import dev.slipway.intake.Intake;
import dev.slipway.store.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Asks GitHub for what it could not deliver, a round at a time. A deployment is taken only if a
 * route takes it, nobody has posted a status for it, and nothing newer of its environment was
 * accepted; the intake decides, as it does about deliveries. One process looks at a time. For one
 * thread.
 */
public final class Reconcile {
  static final Duration REST = Duration.ofHours(1);
  private static final Duration TURN = Duration.ofMinutes(5);

  private final String owner = UUID.randomUUID().toString();
  private final Github github;
  private final Watch watch;
  private final InstantSource clock;
  private final List<String> named;
  private final Deployments deployments;

  public Reconcile(Github github, Intake intake, Watch watch, Terms terms, InstantSource clock) {
    this.github = github;
    this.watch = watch;
    this.clock = clock;
    Budget budget = new Budget(github, clock);
    this.deployments = new Deployments(budget, intake, watch, terms, clock);
    this.named = named(intake, terms);
  }

  private static List<String> named(Intake intake, Terms terms) {
    List<String> named = new ArrayList<>(terms.named());
    intake.routes().forEach(route -> named.addAll(route.match().repositories()));
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
    boolean goesOn = true;
    for (Watch.Watched watched : watch.watched(github.host(), named, clock.instant())) {
      goesOn = goesOn && takeTurn() && look(watched);
    }
    watch.leaveTurn(owner);
    return true;
  }

  private boolean look(Watch.Watched watched) throws InterruptedException {
    Instant now = clock.instant();
    return watched.restUntil().isAfter(now) || deployments.look(watched);
  }

  private boolean takeTurn() {
    return watch.takeTurn(owner, clock.instant(), TURN);
  }
}
