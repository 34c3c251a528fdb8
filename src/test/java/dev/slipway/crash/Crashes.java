package dev.slipway.crash;

import dev.slipway.store.ManyDeployments;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final Duration TO_START = Duration.ofMinutes(3);
  private static final Duration TO_STEP = Duration.ofSeconds(5);
  private static final Duration TO_WORK = Duration.ofSeconds(3);
  private static final Duration TO_STOP = Duration.ofSeconds(15);
  private static final Duration RELEASE = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofMillis(1500);
  private static final Duration QUIET_WITH_FAULTS = Duration.ofSeconds(5);

  private final Plan plan;
  private final StateStore ground;
  private final Random random;
  private final OutsideJournal journal = new OutsideJournal();
  private final Faults faults;
  private final SlowResponses slow;
  private final OutsideServers outside;
  private final KilledProcess victim;
  private final Deliveries deliveries;
  private final Operator operator;
  private final StepChoice steps;
  private final List<String> violations = new ArrayList<>();
  private Optional<HeldWriter> held = Optional.empty();
  private Optional<UnsignedSenders> strangers = Optional.empty();
  private boolean failing;
  private int kills;
  private int duringStart;
  private int amidWork;
  private int failures;
  private int stops;
  private int holds;

  /**
   * How to break it.
   *
   * @param kills how often it is killed
   * @param perLife how many new deployments arrive for each life
   * @param seed decides every choice that the harness makes
   * @param queue the policy of all routes; empty for the one that is the default
   */
  record Plan(int kills, int perLife, long seed, String queue, Breaks breaks) {}

  /**
   * What breaks besides.
   *
   * @param steps how many of its lives end at an exact step, from 0 to 1
   * @param faults how much of all calls to GitHub, Render and Qovery goes wrong, from 0 to 1
   * @param failures in how many of its lives the ground fails, from 0 to 1
   * @param stops how many of its lives end by SIGTERM amid a burst, from 0 to 1
   * @param holds in how many of its lives nobody can write for a while, from 0 to 1
   * @param holdMillis for how long at the most
   * @param strangers how many slow senders without a secret there are all the time
   * @param secondHook whether each deployment is told of by a second webhook too
   * @param history how many deployments there were before, half of them so old that they go
   * @param slow how many milliseconds GitHub takes at the most to answer what it has done
   */
  record Breaks(
      double steps,
      double faults,
      double failures,
      double stops,
      double holds,
      int holdMillis,
      int strangers,
      boolean secondHook,
      int history,
      int slow) {
    static final Breaks NOTHING = new Breaks(0, 0, 0, 0, 0, 0, 0, false, 0, 0);

    Breaks withSteps(double share) {
      return new Breaks(
          share, faults, failures, stops, holds, holdMillis, strangers, secondHook, history, slow);
    }

    Breaks withStops(double share) {
      return new Breaks(
          steps, faults, failures, share, holds, holdMillis, strangers, secondHook, history, slow);
    }

    Breaks withFailures(double share) {
      return new Breaks(
          steps, faults, share, stops, holds, holdMillis, strangers, secondHook, history, slow);
    }

    Breaks withHolds(double share, int mostMillis) {
      return new Breaks(
          steps, faults, failures, stops, share, mostMillis, strangers, secondHook, history, slow);
    }

    Breaks withStrangers(int count) {
      return new Breaks(
          steps, faults, failures, stops, holds, holdMillis, count, secondHook, history, slow);
    }

    Breaks withHistory(int count) {
      return new Breaks(
          steps, faults, failures, stops, holds, holdMillis, strangers, secondHook, count, slow);
    }

    Breaks withSecondHook() {
      return new Breaks(
          steps, faults, failures, stops, holds, holdMillis, strangers, true, history, slow);
    }

    Breaks withSlowGithub(int most) {
      return new Breaks(
          steps, faults, failures, stops, holds, holdMillis, strangers, secondHook, history, most);
    }
  }

  /** What was done, and what was not held. */
  record Report(Map<String, Object> figures, List<String> violations) {
    @Override
    public String toString() {
      return figures + (violations.isEmpty() ? "" : "\n" + String.join("\n", violations));
    }
  }

  Crashes(Path folder, StateStore ground, Plan plan) {
    this(
        folder,
        ground,
        plan,
        new StepChoice(folder.resolve("steps"), plan.breaks().steps(), plan.seed()));
  }

  /**
   * @param steps may be shared with other rounds, so that one dies where another did not
   */
  Crashes(Path folder, StateStore ground, Plan plan, StepChoice steps) {
    this.plan = plan;
    this.ground = ground;
    this.random = new Random(plan.seed());
    this.faults = new Faults(plan.breaks().faults(), plan.seed());
    this.slow = new SlowResponses(plan.breaks().slow());
    this.outside =
        new OutsideServers(
            journal, DeployDestination::addressOf, new MixedDeploys(true), faults.networks(slow));
    this.steps = steps;
    Path jar = steps.isWanted() ? SteppedJar.jar() : KilledProcess.realJar();
    this.victim = new KilledProcess(jar, folder, outside.settings(), ground.url());
    if (plan.breaks().history() > 0) {
      remember(plan.breaks().history());
    }
    victim.letSomeCommandsGoOn();
    // With the provider's log a run is kept for some seconds after its deploy
    victim.set("SLIPWAY_PROVIDER_LOG", plan.seed() % 2 == 0 ? "0" : "1MiB");
    victim.set("SLIPWAY_API_TOKEN", Operator.TOKEN);
    victim.writeRoutes(plan.queue());
    this.deliveries =
        new Deliveries(journal, outside, victim.webhook(), random, plan.breaks().secondHook());
    this.operator = new Operator(journal, outside, victim.api(), plan.seed());
  }

  private void remember(int deployments) {
    String url = ground.directUrl(victim.data());
    try {
      ManyDeployments.fill(url, deployments, 0);
      ManyDeployments.age(url, Duration.ofDays(400));
    } catch (Exception e) {
      throw new AssertionError("No history can be made", e);
    }
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
    boolean held = isDue(plan.breaks().holds(), 0.5);
    boolean stopped = isDue(plan.breaks().stops(), 0);
    boolean fails = ground.canFail() && isDue(plan.breaks().failures(), 0.25);
    boolean planned = held || stopped || fails || failing;
    Optional<String> step = planned ? Optional.empty() : steps.next();
    victim.options(steps.options(step));
    victim.start();
    if (step.isPresent()) {
      toStep(step.get());
    } else if (!planned && random.nextInt(5) == 0) {
      boolean _ = victim.awaitDeath(Duration.ofMillis(random.nextInt(1500)));
      duringStart++;
    } else {
      open();
      deliveries.again(2);
      int seen = journal.size();
      if (held) {
        hold();
      }
      Optional<Thread> stop = stopped ? Optional.of(stopSoon()) : Optional.empty();
      operator.act();
      sendDue(kills + 1, fails ? random.nextInt(plan.perLife()) : -1);
      if (stop.isPresent()) {
        stop.get().join();
        stops++;
      }
      if (held) {
        pause(random.nextInt(1 + plan.breaks().holdMillis()));
      }
      // Every second time it dies while nobody can write
      if (random.nextBoolean()) {
        letGo();
      }
      if (random.nextInt(4) > 0) {
        awaitWork(seen);
      }
      if (random.nextInt(4) > 0) {
        operator.awaitTurn();
      }
      pause(random.nextInt(1200));
      if (failing && random.nextBoolean()) {
        recover();
        pause(random.nextInt(1500));
      }
    }
    kill();
  }

  private void hold() {
    held = Optional.of(HeldWriter.of(ground.directUrl(victim.data())));
    holds++;
  }

  private void letGo() {
    held.ifPresent(HeldWriter::close);
    held = Optional.empty();
  }

  /** A burst is met by SIGTERM in the middle of it. */
  private Thread stopSoon() {
    long millis = random.nextInt(10 * plan.perLife());
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                pause(millis);
                if (!victim.stop(TO_STOP)) {
                  violations.add("It had not stopped after " + TO_STOP.toSeconds() + " s");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Lives until it dies by itself, or long enough to know that it does not come to the step. */
  private void toStep(String step) throws InterruptedException, IOException {
    if (victim.awaitOpen(TO_START)) {
      deliveries.again(2);
      operator.act();
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

  /**
   * Whether this life is one of those that get something, spread evenly over all.
   *
   * @param offset so that not everything comes in the same life, from 0 to 1
   */
  private boolean isDue(double share, double offset) {
    return (int) ((kills + 1) * share + offset) > (int) (kills * share + offset);
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
    strangers.ifPresent(UnsignedSenders::close);
    strangers = Optional.empty();
    letGo();
    kills++;
    deliveries.await();
    operator.await();
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
    if (!victim.awaitOpen(TO_START) && !opensAgain()) {
      throw new AssertionError(
          "Slipway did not start (seed %d); see %s".formatted(plan.seed(), victim.log()));
    }
    if (plan.breaks().strangers() > 0) {
      strangers = Optional.of(UnsignedSenders.at(victim.port(), plan.breaks().strangers()));
    }
  }

  /** What fell silent while it started is noticed only when a time-out is over. */
  private boolean opensAgain() throws InterruptedException {
    if (plan.breaks().failures() == 0 || victim.isAlive()) {
      return false;
    }
    victim.start();
    return victim.awaitOpen(TO_START);
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
      operator.release();
      deliveries.again(20);
      deliveries.await();
    } while (!deliveries.areAllAnswered() && System.nanoTime() < until);
    awaitQuiet(until);
    operator.readAudit();
  }

  /** What comes late comes while nothing is left to come. */
  private void awaitQuiet(long until) throws InterruptedException {
    Duration quiet =
        (plan.breaks().faults() > 0 ? QUIET_WITH_FAULTS : QUIET).plusMillis(plan.breaks().slow());
    int seen = 0;
    long since = System.nanoTime();
    long released = since;
    while (System.nanoTime() - since < quiet.toNanos() && System.nanoTime() < until) {
      if (System.nanoTime() - released > RELEASE.toNanos()) {
        operator.release();
        released = System.nanoTime();
      }
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
    figures.put("queue", plan.queue().isEmpty() ? "default" : plan.queue());
    figures.put("deployments", deliveries.deployments());
    figures.put("killed", kills);
    figures.put("during start", duringStart);
    figures.put("amid work", amidWork);
    figures.put("at steps", steps.died() + " of " + steps.known().size());
    figures.put("ground failed", failures);
    figures.put("stopped", stops);
    figures.put("writer held", holds);
    figures.put("strangers", plan.breaks().strangers());
    figures.put("second webhook", plan.breaks().secondHook() ? "yes" : "no");
    figures.put("history", plan.breaks().history());
    for (Faults.Party party : Faults.Party.values()) {
      figures.put(party.word() + " failed", faults.of(party));
    }
    figures.put("deliveries", journal.all(OutsideJournal.Sent.class).size());
    figures.put("answered", journal.all(OutsideJournal.Answered.class).size());
    figures.put("triggers", journal.all(OutsideJournal.Triggered.class).size());
    figures.put("statuses", journal.all(OutsideJournal.Posted.class).size());
    for (OutsideJournal.Act act : OutsideJournal.Act.values()) {
      figures.put(
          act.word(),
          journal.all(OutsideJournal.Replied.class).stream()
              .filter(reply -> reply.act() == act && reply.isAcknowledged())
              .count());
    }
    figures.put(
        "answers lost",
        journal.all(OutsideJournal.Replied.class).stream()
            .filter(reply -> reply.status() == 0)
            .count());
    figures.put(
        "acts refused",
        journal.all(OutsideJournal.Replied.class).stream()
            .filter(OutsideJournal.Replied::isRefused)
            .count());
    figures.put("posts at once", slow.postsAtOnce());
    figures.put("statuses again", Checker.again(journal));
    figures.put("not ended well", Checker.bad(journal));
    figures.put("errors", Checker.errors(journal));
    violations.addAll(Checker.violations(journal));
    figures.put("violations", violations.size());
    figures.put("seconds", took.toSeconds());
    return new Report(figures, violations);
  }

  @Override
  public void close() {
    operator.close();
    strangers.ifPresent(UnsignedSenders::close);
    letGo();
    victim.close();
    outside.close();
    ground.close();
  }
}
