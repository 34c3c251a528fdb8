package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The disk below the database is full, or can only be read: nothing is lost, nothing twice. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Isolated
class DiskIT {
  @TempDir Path folder;

  private final OutsideJournal journal = new OutsideJournal();
  private final OutsideServers outside =
      new OutsideServers(
          journal,
          DeployDestination::addressOf,
          new MixedDeploys(),
          OutsideServers.Networks.RELIABLE);
  private final HttpClient client = HttpClient.newHttpClient();
  private Disk disk;
  private KilledProcess victim;
  private long last;

  @BeforeEach
  void open() throws InterruptedException {
    Optional<String> objection = Disk.objection();
    assumeTrue(objection.isEmpty(), objection.orElse(""));
    disk = Disk.make(folder.resolve("disk"));
    victim =
        new KilledProcess(
            KilledProcess.realJar(), folder.resolve("victim"), outside.settings(), "");
    victim.writeRoutes("all");
    victim.set("SLIPWAY_DATA", disk.path().resolve("data").toString());
    victim.start();
    assertThat(victim.awaitOpen(Duration.ofSeconds(60))).isTrue();
  }

  @AfterEach
  void close() throws InterruptedException {
    if (victim != null) {
      victim.kill();
      disk.close();
    }
    outside.close();
    client.close();
  }

  private int readiness() throws InterruptedException {
    URI uri = victim.webhook().resolve("/health/readiness");
    try {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Delivers new deployments until one is refused. */
  private void deliverUntilRefused() throws InterruptedException {
    for (int i = 0; outside.deliver(victim.webhook(), ++last, false); i++) {
      assertThat(i).as("a disk without room takes everything").isLessThan(300);
    }
    assertThat(journal.all(OutsideJournal.Answered.class).getLast().status()).isEqualTo(503);
  }

  private static void fill(Path file) {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  private void everythingEnds() throws InterruptedException {
    await("all have ended", () -> unended().isEmpty());
    victim.readCommands(journal);
    assertThat(Checker.violations(journal)).isEmpty();
  }

  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private void await(String what, Condition condition) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("%s; not ended: %s", what, unended()).isLessThan(until);
      boolean _ = new Semaphore(0).tryAcquire(50, TimeUnit.MILLISECONDS);
    }
  }

  private Set<Long> unended() {
    Set<Long> open = new HashSet<>();
    for (long deployment = 1; deployment <= last; deployment++) {
      open.add(deployment);
    }
    journal.all(OutsideJournal.Posted.class).stream()
        .filter(OutsideJournal.Posted::isFinal)
        .forEach(posted -> open.remove(posted.deployment()));
    return open;
  }

  @Test
  void a_full_disk_takes_nothing_and_goes_on_by_itself_when_it_has_room() throws Exception {
    Path ballast = disk.path().resolve("ballast");
    assertThat(outside.deliver(victim.webhook(), ++last, false)).isTrue();
    assertThat(readiness()).isEqualTo(200);
    fill(ballast);

    deliverUntilRefused();
    assertThat(readiness()).isEqualTo(503);
    assertThat(victim.isAlive()).isTrue();

    Files.delete(ballast);
    long freed = System.nanoTime();
    await("taken", () -> outside.deliver(victim.webhook(), last, false));
    await("ready", () -> readiness() == 200);
    assertThat(Duration.ofNanos(System.nanoTime() - freed)).isLessThan(Duration.ofSeconds(10));
    everythingEnds();
  }

  @Test
  void a_disk_that_turned_read_only_takes_nothing_and_a_restart_on_it_goes_on() throws Exception {
    assertThat(outside.deliver(victim.webhook(), ++last, false)).isTrue();
    assertThat(outside.deliver(victim.webhook(), ++last, false)).isTrue();
    disk.fail();

    deliverUntilRefused();
    assertThat(readiness()).isEqualTo(503);
    victim.kill();
    disk.repair();
    victim.start();
    assertThat(victim.awaitOpen(Duration.ofSeconds(60))).isTrue();
    assertThat(outside.deliver(victim.webhook(), last, false)).isTrue();
    everythingEnds();
  }
}
