package dev.slipway.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Slipway that is killed again and again while deliveries arrive, and what the outside saw of it.
 */
final class Crashes implements AutoCloseable {
  private static final Duration TO_START = Duration.ofSeconds(60);

  private final Plan plan;
  private final Random random;
  private final Journal journal = new Journal();
  private final Faults faults;
  private final Outside outside;
  private final Github github = new Github(journal);
  private final Victim victim;
  private final Set<Long> answered = ConcurrentHashMap.newKeySet();
  private final List<Thread> senders = new ArrayList<>();
  private long last;
  private int kills;
  private int duringStart;

  /**
   * How to break it.
   *
   * @param kills how often it is killed
   * @param perLife how many new deployments arrive in one life
   * @param seed decides every choice that the harness makes
   * @param databaseUrl empty for SQLite
   * @param faults how much of all calls to GitHub and Render goes wrong, from 0 to 1
   * @param lapse what lets the leases of the dead run out between two lives, or nothing
   */
  record Plan(
      int kills, int perLife, long seed, String databaseUrl, double faults, Runnable lapse) {}

  /** What was done, and what was not held. */
  record Report(Map<String, Object> figures, List<String> violations) {
    @Override
    public String toString() {
      return figures + (violations.isEmpty() ? "" : "\n" + String.join("\n", violations));
    }
  }

  Crashes(Path folder, Plan plan) {
    this.plan = plan;
    this.random = new Random(plan.seed());
    this.faults = new Faults(plan.faults(), plan.seed());
    this.outside = new Outside(journal, faults, new SmallRender(journal, Github::environmentOf));
    this.victim = new Victim(folder, outside.base(), plan.databaseUrl());
  }

  /** Does all of it, and waits at the end until every accepted deployment has its end. */
  Report run(Duration drain) throws InterruptedException {
    long began = System.nanoTime();
    while (kills < plan.kills()) {
      live();
    }
    finish(drain);
    victim.kill();
    victim.readCommands(journal);
    return report(Duration.ofNanos(System.nanoTime() - began));
  }

  /** Lives once undisturbed and says which steps Slipway came by. */
  List<String> steps(Path agent, Path names) throws InterruptedException {
    victim.options(List.of("-javaagent:" + agent, "-Dcrash.record=" + names));
    finish(Duration.ofSeconds(1));
    for (int i = 0; i < plan.perLife(); i++) {
      send(++last, false);
    }
    awaitDrained(Duration.ofSeconds(60));
    victim.kill();
    try {
      return Files.readAllLines(names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lets Slipway die once at each of the steps, the first time that it comes there.
   *
   * @return the steps to which it did not come
   */
  List<String> sweep(Path agent, List<String> steps) throws InterruptedException {
    List<String> missed = new ArrayList<>();
    for (String step : steps) {
      victim.options(List.of("-javaagent:" + agent, "-Dcrash.step=1 " + step));
      victim.start();
      if (victim.awaitOpen(TO_START)) {
        redeliver(false);
        for (int i = 0; i < plan.perLife(); i++) {
          send(++last, false);
        }
      }
      if (!victim.awaitDeath(Duration.ofSeconds(8))) {
        missed.add(step);
      }
      kill();
    }
    victim.options(List.of());
    return missed;
  }

  private void live() throws InterruptedException {
    victim.start();
    if (random.nextInt(5) == 0) {
      boolean _ = victim.awaitDeath(Duration.ofMillis(200 + random.nextInt(2000)));
      duringStart++;
    } else {
      open();
      redeliver(false);
      for (int i = 0; i < plan.perLife(); i++) {
        send(++last, false);
        pause(random.nextInt(60));
      }
      pause(random.nextInt(700));
    }
    kill();
  }

  private void kill() throws InterruptedException {
    victim.kill();
    kills++;
    for (Thread sender : senders) {
      sender.join();
    }
    senders.clear();
    plan.lapse().run();
  }

  private void open() throws InterruptedException {
    if (!victim.awaitOpen(TO_START)) {
      throw new AssertionError(
          "Slipway did not start (seed %d); see %s".formatted(plan.seed(), victim.log()));
    }
  }

  /** Everything unanswered, as an operator would; and a few that were answered. */
  private void redeliver(boolean all) throws InterruptedException {
    for (long deployment = 1; deployment <= last; deployment++) {
      if (!answered.contains(deployment)) {
        send(deployment, random.nextBoolean());
      }
    }
    for (int i = 0; last > 0 && i < (all ? 20 : 2); i++) {
      send(1 + random.nextLong(last), random.nextBoolean());
    }
    for (Thread sender : all ? senders : List.<Thread>of()) {
      sender.join();
    }
  }

  private void send(long deployment, boolean newGuid) {
    senders.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (github.deliver(victim.door(), deployment, newGuid)) {
                      answered.add(deployment);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private void finish(Duration drain) throws InterruptedException {
    victim.start();
    open();
    long until = System.nanoTime() + drain.toNanos();
    do {
      redeliver(true);
    } while (answered.size() < last && System.nanoTime() < until);
    awaitDrained(Duration.ofNanos(until - System.nanoTime()));
    // What comes late comes now
    pause(500);
  }

  private void awaitDrained(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    while (!(answered.size() == last && isDrained()) && System.nanoTime() < until) {
      pause(100);
    }
  }

  private boolean isDrained() {
    Map<Long, Long> due =
        journal.all(Journal.Answered.class).stream()
            .filter(answer -> !answer.decision().equals("duplicate"))
            .filter(Journal.Answered::isKept)
            .collect(Collectors.groupingBy(Journal.Answered::deployment, Collectors.counting()));
    Set<Long> open = new HashSet<>(answered);
    Map<Long, Long> finals =
        journal.all(Journal.Posted.class).stream()
            .filter(Journal.Posted::isFinal)
            .collect(Collectors.groupingBy(Journal.Posted::deployment, Collectors.counting()));
    open.removeIf(
        deployment ->
            finals.getOrDefault(deployment, 0L) >= Math.max(1, due.getOrDefault(deployment, 1L)));
    return open.isEmpty();
  }

  private static void pause(long millis) throws InterruptedException {
    boolean _ = new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  private Report report(Duration took) {
    Map<String, Object> figures = new TreeMap<>();
    figures.put("seed", plan.seed());
    figures.put("database", plan.databaseUrl().isEmpty() ? "SQLite" : "PostgreSQL");
    figures.put("kills", kills);
    figures.put("kills during start", duringStart);
    figures.put("deployments", last);
    figures.put("deliveries", journal.all(Journal.Sent.class).size());
    figures.put("answered", journal.all(Journal.Answered.class).size());
    figures.put("triggers", journal.all(Journal.Triggered.class).size());
    figures.put("statuses", journal.all(Journal.Posted.class).size());
    figures.put("faults", faults.counts());
    figures.put("seconds", took.toSeconds());
    List<String> violations = Checker.violations(journal);
    figures.put("violations", violations.size());
    return new Report(figures, violations);
  }

  @Override
  public void close() {
    victim.close();
    outside.close();
    github.close();
  }
}
