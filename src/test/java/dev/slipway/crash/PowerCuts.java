package dev.slipway.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Slipway whose machine loses its power again and again: it finds its disk as the device had it.
 * What was answered is never delivered again, so whatever a cut took stays missing.
 */
final class PowerCuts implements AutoCloseable {
  private static final Duration TO_START = Duration.ofMinutes(3);

  /** Only what is started by this sees the file as the kernel's. */
  private static final String IN_BOOT =
      "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"";

  private final Plan plan;
  private final Path folder;
  private final Random random;
  private final OutsideJournal journal = new OutsideJournal();
  private final OutsideServers outside =
      new OutsideServers(
          journal,
          DeployDestination::addressOf,
          new MixedDeploys(),
          OutsideServers.Networks.RELIABLE);
  private final KilledProcess victim;
  private final Unsynced unsynced = new Unsynced();
  private final Set<Long> answered = ConcurrentHashMap.newKeySet();
  private final List<Thread> senders = new ArrayList<>();
  private Disk disk;
  private long last;
  private int cuts;
  private int duringStart;
  private int freezes;
  private int answeredBeforeCut;

  /**
   * How to break it.
   *
   * @param cuts how often the power goes; the first time right after the first answer
   * @param perLife how many new deployments arrive in one life
   * @param seed decides every choice that the harness makes
   */
  record Plan(int cuts, int perLife, long seed) {}

  /** What was done, and what was not held. */
  record Report(Map<String, Object> figures, List<String> violations) {
    @Override
    public String toString() {
      return figures + (violations.isEmpty() ? "" : "\n" + String.join("\n", violations));
    }
  }

  PowerCuts(Path folder, Plan plan) {
    this.plan = plan;
    this.folder = folder;
    this.random = new Random(plan.seed());
    this.victim = new KilledProcess(KilledProcess.realJar(), folder, outside.settings(), "");
    this.disk = Disk.make(folder.resolve("disk0"));
    victim.set("SLIPWAY_DATA", disk.path().resolve("data").toString());
    writeRoutes();
  }

  /** A command that ran must not be followed by the next target, so there is one after it. */
  private void writeRoutes() {
    victim.writeRoutes("all");
    Path routes = folder.resolve("slipway.yml");
    try {
      String text = Files.readString(routes);
      Files.writeString(routes, text.replace("chain: [shell]", "chain: [shell, render-hook]"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does all of it, and waits at the end until every accepted deployment has its end. */
  Report run(Duration drain) throws InterruptedException {
    long began = System.nanoTime();
    cutAfterFirstAnswer();
    while (cuts < plan.cuts()) {
      live();
    }
    finish(drain);
    victim.kill();
    join();
    victim.readCommands(journal);
    return report(Duration.ofNanos(System.nanoTime() - began));
  }

  private void cutAfterFirstAnswer() throws InterruptedException {
    victim.start();
    open();
    send(++last, false);
    join();
    if (answered.isEmpty()) {
      throw new AssertionError("the first delivery was not answered; see " + victim.log());
    }
    cut();
  }

  private void live() throws InterruptedException {
    victim.start();
    if (cuts > 1 && random.nextInt(6) == 0) {
      boolean _ = victim.awaitDeath(Duration.ofMillis(200 + random.nextInt(2000)));
      duringStart++;
    } else {
      open();
      redeliver();
      for (int i = 0; i < plan.perLife(); i++) {
        send(++last, false);
        pause(random.nextInt(60));
      }
      if (cuts > 1 && random.nextInt(3) == 0) {
        freeze();
      }
      pause(random.nextInt(500));
    }
    cut();
  }

  /** Halts all that writes, keeps what the device has, and goes on from that. */
  private void cut() throws InterruptedException {
    unsynced.write(disk.path());
    halt();
    Path next = folder.resolve("disk" + (cuts + 1));
    disk.copy(next);
    answeredBeforeCut += answered.size();
    victim.kill();
    join();
    unsynced.forget();
    disk.close();
    disk = Disk.found(next);
    victim.set("SLIPWAY_DATA", disk.path().resolve("data").toString());
    unsynced.read(disk.path());
    startAnotherBoot();
    cuts++;
  }

  /** Something halts the process for a while, and it goes on where it was. */
  private void freeze() throws InterruptedException {
    halt();
    pause(200 + random.nextInt(2800));
    signal("-CONT", pid());
    freezes++;
  }

  private long pid() {
    if (!victim.isAlive()) {
      throw new AssertionError("Slipway has ended; see " + victim.log());
    }
    return victim.pid();
  }

  private static void signal(String name, long pid) throws InterruptedException {
    try {
      int _ = new ProcessBuilder("kill", name, String.valueOf(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void halt() throws InterruptedException {
    long pid = pid();
    signal("-STOP", pid);
    // A thread that waits for the disk is halted when it has its answer
    while (!isHalted(pid)) {
      pause(1);
    }
  }

  private static boolean isHalted(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        char state = stat.charAt(stat.lastIndexOf(')') + 2);
        if (state != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException ended) {
      return false;
    }
  }

  /** A machine that lost its power is in another boot afterwards; this one only plays it. */
  private void startAnotherBoot() {
    try {
      Path boot = Files.writeString(folder.resolve("boot" + cuts), "boot " + cuts + "\n");
      victim.startBy(List.of("unshare", "--mount", "/bin/sh", "-c", IN_BOOT, boot.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void open() throws InterruptedException {
    if (!victim.awaitOpen(TO_START)) {
      throw new AssertionError(
          "Slipway did not start (seed %d); see %s".formatted(plan.seed(), victim.log()));
    }
  }

  private void redeliver() {
    for (long deployment = 1; deployment <= last; deployment++) {
      if (!answered.contains(deployment)) {
        send(deployment, random.nextBoolean());
      }
    }
  }

  private void send(long deployment, boolean newGuid) {
    senders.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (outside.deliver(victim.webhook(), deployment, newGuid)) {
                      answered.add(deployment);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  private void join() throws InterruptedException {
    for (Thread sender : senders) {
      sender.join();
    }
    senders.clear();
  }

  private void finish(Duration drain) throws InterruptedException {
    victim.start();
    open();
    long until = System.nanoTime() + drain.toNanos();
    do {
      redeliver();
      join();
    } while (answered.size() < last && System.nanoTime() < until);
    while (!isDrained() && System.nanoTime() < until) {
      pause(100);
    }
    // What comes late comes now
    pause(500);
  }

  private boolean isDrained() {
    Set<Long> open = new HashSet<>(answered);
    journal.all(OutsideJournal.Posted.class).stream()
        .filter(OutsideJournal.Posted::isFinal)
        .forEach(posted -> open.remove(posted.deployment()));
    return open.isEmpty();
  }

  private static void pause(long millis) throws InterruptedException {
    boolean _ = new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  private Report report(Duration took) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("seed", plan.seed());
    figures.put("cuts", cuts);
    figures.put("cuts during start", duringStart);
    figures.put("freezes", freezes);
    figures.put("deployments", last);
    figures.put("deliveries", journal.all(OutsideJournal.Sent.class).size());
    figures.put("answers that a cut had to leave", answeredBeforeCut);
    figures.put("triggers", journal.all(OutsideJournal.Triggered.class).size());
    figures.put("statuses", journal.all(OutsideJournal.Posted.class).size());
    figures.put("unsynced files lost", unsynced.filesLost());
    figures.put("rows of synchronous=OFF lost", unsynced.carelessLost());
    figures.put("rows of synchronous=FULL lost", unsynced.carefulLost());
    figures.put("seconds", took.toSeconds());
    List<String> violations = new ArrayList<>(Checker.violations(journal));
    if (unsynced.filesLost() < cuts || unsynced.carelessLost() == 0) {
      violations.add("A cut left what was not synced, so it was none");
    }
    if (unsynced.carefulLost() > 0) {
      violations.add("A cut took what was synced; this disk proves nothing");
    }
    figures.put("violations", violations.size());
    return new Report(figures, violations);
  }

  @Override
  public void close() {
    victim.close();
    outside.close();
    disk.close();
  }
}
