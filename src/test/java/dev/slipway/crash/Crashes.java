package dev.slipway.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A Slipway that is killed again and again while deliveries arrive, and what the outside saw of it.
 */
final class Crashes implements AutoCloseable {
  private static final Duration TO_START = Duration.ofSeconds(60);
  private static final Duration TO_STEP = Duration.ofSeconds(5);
  private static final Duration TO_WORK = Duration.ofSeconds(3);
  private static final Duration QUIET = Duration.ofMillis(1500);
  private static final Duration QUIET_WITH_FAULTS = Duration.ofSeconds(5);

  private final Plan plan;
  private final Ground ground;
  private final Random random;
  private final Journal journal = new Journal();
  private final Faults faults;
  private final Outside outside;
  private final Victim victim;
  private final Deliveries deliveries;
  private final StepChoice steps;
  private boolean failing;
  private int kills;
  private int duringStart;
  private int amidWork;
  private int failures;

  /**
   * How to break it.
   *
   * @param kills how often it is killed
   * @param perLife how many new deployments arrive for each life
   * @param seed decides every choice that the harness makes
   * @param line the policy of all routes; empty for the one that is the default
   */
  record Plan(int kills, int perLife, long seed, String line, Breaks breaks) {}

  /**
   * What breaks besides.
   *
   * @param steps how many of its lives end at an exact step, from 0 to 1
   * @param faults how much of all calls to GitHub, Render and Qovery goes wrong, from 0 to 1
   * @param failures in how many of its lives the ground fails, from 0 to 1
   */
  record Breaks(double steps, double faults, double failures) {}

  /**
   * What was done, and what was not held.
   *
   * @param missed the steps that were come by, and at which it did not die
   */
  record Report(Map<String, Object> figures, List<String> violations, List<String> missed) {
    @Override
    public String toString() {
      return figures + (violations.isEmpty() ? "" : "\n" + String.join("\n", violations));
    }
  }

  Crashes(Path folder, Ground ground, Plan plan) {
    this.plan = plan;
    this.ground = ground;
    this.random = new Random(plan.seed());
    this.faults = new Faults(plan.breaks().faults(), plan.seed());
    this.outside = new Outside(journal, faults);
    this.steps = new StepChoice(folder.resolve("steps"), plan.breaks().steps(), plan.seed());
    Path jar = steps.isWanted() ? SteppedJar.jar() : Victim.realJar();
    this.victim = new Victim(jar, folder, outside.base(), ground.url());
    victim.writeRoutes(plan.line());
    this.deliveries = new Deliveries(journal, victim.door(), random);
  }

  /** Does all of it, and waits at the end until every accepted deployment has its end. */
  Report run(Duration drain) throws InterruptedException, IOException {
    long began = System.nanoTime();
    while (kills < plan.kills()) {
      live();
    }
    finish(drain);
    victim.kill();
    victim.readCommands(journal);
    return report(Duration.ofNanos(System.nanoTime() - began));
  }

  private void live() throws InterruptedException, IOException {
    Optional<String> step = failing ? Optional.empty() : steps.next();
    victim.options(steps.options(step));
    victim.start();
    if (step.isPresent()) {
      toStep(step.get());
    } else if (random.nextInt(5) == 0) {
      boolean _ = victim.awaitDeath(Duration.ofMillis(random.nextInt(1500)));
      duringStart++;
    } else {
      open();
      deliveries.again(2);
      int seen = journal.size();
      sendDue(kills + 1, willFail() ? random.nextInt(plan.perLife()) : -1);
      if (random.nextInt(4) > 0) {
        awaitWork(seen);
      }
      pause(random.nextInt(1200));
      if (failing && random.nextBoolean()) {
        recover();
        pause(random.nextInt(1500));
      }
    }
    kill();
  }

  /** Lives until it dies by itself, or long enough to know that it does not come to the step. */
  private void toStep(String step) throws InterruptedException, IOException {
    if (victim.awaitOpen(TO_START)) {
      deliveries.again(2);
      sendDue(kills + 1, -1);
    }
    if (victim.awaitDeath(TO_STEP)) {
      steps.died(step);
    }
  }

  /** A death during the start leaves its share to the next life. */
  private void sendDue(int lives, int failAt) throws InterruptedException, IOException {
    long due = (long) lives * plan.perLife() - deliveries.deployments();
    for (int i = 0; i < due; i++) {
      if (i == failAt) {
        fail();
      }
      deliveries.sendNext();
      pause(random.nextInt(20));
    }
  }

  /** So that a machine with little to spare does not make all deaths early ones. */
  private void awaitWork(int seen) throws InterruptedException {
    long until = System.nanoTime() + TO_WORK.toNanos();
    while (!journal.hasWorkSince(seen) && System.nanoTime() < until) {
      pause(5);
    }
  }

  private boolean willFail() {
    return ground.canFail() && random.nextDouble() < plan.breaks().failures();
  }

  private void fail() throws InterruptedException, IOException {
    if (!failing) {
      ground.fail();
      failing = true;
      failures++;
    }
  }

  private void recover() throws InterruptedException, IOException {
    ground.recover();
    failing = false;
  }

  private void kill() throws InterruptedException, IOException {
    if (!deliveries.open().isEmpty()) {
      amidWork++;
    }
    victim.kill();
    kills++;
    deliveries.await();
    // Every second time it has to start with what fails
    if (failing && random.nextBoolean()) {
      recover();
    }
    if (!failing) {
      ground.lapse();
    }
  }

  /** What fails may keep it from starting; it starts when that is over. */
  private void open() throws InterruptedException, IOException {
    if (failing) {
      boolean _ = victim.awaitOpen(Duration.ofSeconds(4));
      recover();
      ground.lapse();
      if (!victim.isAlive()) {
        victim.start();
      }
    }
    if (!victim.awaitOpen(TO_START)) {
      throw new AssertionError(
          "Slipway did not start (seed %d); see %s".formatted(plan.seed(), victim.log()));
    }
  }

  private void finish(Duration drain) throws InterruptedException, IOException {
    if (failing) {
      recover();
      ground.lapse();
    }
    victim.options(List.of());
    victim.start();
    open();
    sendDue(kills, -1);
    long until = System.nanoTime() + drain.toNanos();
    do {
      deliveries.again(20);
      deliveries.await();
    } while (!deliveries.areAllAnswered() && System.nanoTime() < until);
    awaitQuiet(until);
  }

  /** What comes late comes while nothing is left to come. */
  private void awaitQuiet(long until) throws InterruptedException {
    Duration quiet = plan.breaks().faults() > 0 ? QUIET_WITH_FAULTS : QUIET;
    int seen = 0;
    long since = System.nanoTime();
    while (System.nanoTime() - since < quiet.toNanos() && System.nanoTime() < until) {
      int size = journal.size();
      if (size != seen || !deliveries.open().isEmpty()) {
        seen = size;
        since = System.nanoTime();
      }
      pause(100);
    }
  }

  private static void pause(long millis) throws InterruptedException {
    boolean _ = new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  private Report report(Duration took) throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("seed", plan.seed());
    figures.put("database", ground.name());
    figures.put("line", plan.line().isEmpty() ? "default" : plan.line());
    figures.put("deployments", deliveries.deployments());
    figures.put("killed", kills);
    figures.put("during start", duringStart);
    figures.put("amid work", amidWork);
    figures.put("at steps", steps.died().size() + " of " + steps.known().size());
    figures.put("ground failed", failures);
    for (Faults.Party party : Faults.Party.values()) {
      figures.put(party.word() + " failed", faults.of(party));
    }
    figures.put("deliveries", journal.all(Journal.Sent.class).size());
    figures.put("answered", journal.all(Journal.Answered.class).size());
    figures.put("triggers", journal.all(Journal.Triggered.class).size());
    figures.put("statuses", journal.all(Journal.Posted.class).size());
    figures.put("not ended well", Checker.bad(journal));
    List<String> violations = Checker.violations(journal);
    figures.put("violations", violations.size());
    figures.put("seconds", took.toSeconds());
    return new Report(figures, violations, steps.missed());
  }

  @Override
  public void close() {
    victim.close();
    deliveries.close();
    outside.close();
    ground.close();
  }
}
