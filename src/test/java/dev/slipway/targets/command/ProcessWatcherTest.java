package dev.slipway.targets.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often somebody looks whether a command has ended, and what stays of it. */
class ProcessWatcherTest extends ShellFixture {
  private final AtomicInteger reads = new AtomicInteger();
  private final Set<ProcessIdentity> dead = ConcurrentHashMap.newKeySet();

  private ProcessWatcher watcher(Duration step) {
    return new ProcessWatcher(
        leader -> {
          reads.incrementAndGet();
          return !dead.contains(leader);
        },
        step);
  }

  @Test
  void a_command_is_read_once_however_often_it_is_asked_about() {
    ProcessWatcher watcher = watcher(Duration.ofHours(1));
    List<ProcessIdentity> leaders =
        List.of(new ProcessIdentity(1, 1), new ProcessIdentity(2, 2), new ProcessIdentity(3, 3));
    for (int i = 0; i < 144_000; i++) {
      CountDownLatch end = watcher.end(leaders.get(i % 3));
      assertThat(end.getCount()).isEqualTo(1);
    }
    assertThat(reads).hasValue(3);
    assertThat(watcher.watched()).isEqualTo(3);
  }

  @Test
  void an_end_is_told_once_and_leaves_nothing() throws Exception {
    ProcessWatcher watcher = watcher(Duration.ofMillis(1));
    ProcessIdentity one = new ProcessIdentity(1, 1);
    CountDownLatch end = watcher.end(one);
    CountDownLatch other = watcher.end(new ProcessIdentity(2, 2));
    dead.add(one);
    assertThat(end.await(50, TimeUnit.SECONDS)).isTrue();
    assertThat(other.getCount()).isEqualTo(1);
    assertThat(watcher.watched()).isEqualTo(1);
    assertThat(watcher.end(one).getCount()).as("asked again").isZero();
    assertThat(watcher.watched()).isEqualTo(1);
  }

  @Test
  void a_child_is_never_looked_at_and_leaves_nothing() {
    ProcessWatcher watcher = watcher(Duration.ofHours(1));
    ProcessIdentity child = new ProcessIdentity(1, 1);
    CompletableFuture<String> exit = new CompletableFuture<>();
    watcher.expect(child, exit);
    CountDownLatch end = watcher.end(child);
    assertThat(watcher.end(child)).isSameAs(end);
    assertThat(end.getCount()).isEqualTo(1);
    dead.add(child);
    assertThat(exit.complete("exited")).isTrue();
    assertThat(end.getCount()).isZero();
    assertThat(reads).hasValue(0);
    assertThat(watcher.watched()).isZero();
    assertThat(watcher.end(child).getCount()).as("asked again").isZero();
  }

  @Test
  void a_child_that_ended_before_anybody_expected_it_leaves_nothing() {
    ProcessWatcher watcher = watcher(Duration.ofHours(1));
    watcher.expect(new ProcessIdentity(1, 1), CompletableFuture.completedFuture("exited"));
    assertThat(watcher.watched()).isZero();
  }

  private Shell looking(ProcessWatcher watcher) {
    return closed(
        new Shell(
            "shell",
            new ShellConfig(
                "while [ ! -e go ]; do sleep 0.05; done",
                work,
                runs,
                null,
                Map.of(),
                LONG,
                Duration.ofMinutes(10),
                LIMITS),
            clock,
            QUICK,
            watcher,
            SystemSpawner::get));
  }

  private ProcessWatcher counting() {
    return new ProcessWatcher(
        leader -> {
          reads.incrementAndGet();
          return is_alive(leader.pid());
        },
        Duration.ofHours(1));
  }

  @Test
  void whoever_follows_a_command_of_another_process_does_not_look_at_it_each_time()
      throws Exception {
    Shell before = looking(new ProcessWatcher());
    Attempt attempt = Attempts.plain();
    String id = started(before, attempt);
    Shell after = looking(counting());
    for (int i = 0; i < 5; i++) {
      assertThat(after.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
    }
    assertThat(reads).hasValue(1);
    before.stop(attempt, id, log);
  }

  @Test
  void whoever_follows_a_command_of_its_own_does_not_look_at_it_at_all() throws Exception {
    ProcessWatcher counting = counting();
    Shell shell = looking(counting);
    Attempt attempt = Attempts.plain();
    String id = started(shell, attempt);
    for (int i = 0; i < 5; i++) {
      assertThat(shell.poll(attempt, id, log)).isInstanceOf(PollResult.Going.class);
    }
    assertThat(reads).hasValue(0);
    Files.createFile(work.resolve("go"));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
    // Whoever comes after the end sees for himself
    assertThat(reads).hasValueLessThan(2);
    assertThat(counting.watched()).isZero();
  }
}
