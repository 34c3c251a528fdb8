package dev.slipway.target.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.Sighting;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often somebody looks whether a command has ended, and what stays of it. */
class WatcherTest extends WithShell {
  private final AtomicInteger reads = new AtomicInteger();
  private final Set<Leader> dead = ConcurrentHashMap.newKeySet();

  private Watcher watcher() {
    return new Watcher(
        leader -> {
          reads.incrementAndGet();
          return !dead.contains(leader);
        },
        Duration.ofHours(1));
  }

  @Test
  void a_command_is_read_once_however_often_it_is_asked_about() {
    Watcher watcher = watcher();
    List<Leader> leaders = List.of(new Leader(1, 1), new Leader(2, 2), new Leader(3, 3));
    for (int i = 0; i < 144_000; i++) {
      CountDownLatch end = watcher.end(leaders.get(i % 3));
      assertThat(end.getCount()).isEqualTo(1);
    }
    assertThat(reads).hasValue(3);
    assertThat(watcher.watched()).isEqualTo(3);
  }

  @Test
  void an_end_is_told_once_and_leaves_nothing() throws Exception {
    Watcher watcher = watcher();
    Leader one = new Leader(1, 1);
    CountDownLatch end = watcher.end(one);
    CountDownLatch other = watcher.end(new Leader(2, 2));
    dead.add(one);
    while (!end.await(20, TimeUnit.MILLISECONDS)) {
      // The thread may not wait yet
      watcher.nudge();
    }
    assertThat(other.getCount()).isEqualTo(1);
    assertThat(watcher.watched()).isEqualTo(1);
    assertThat(watcher.end(one).getCount()).as("asked again").isZero();
    assertThat(watcher.watched()).isEqualTo(1);
  }

  @Test
  void whoever_follows_a_command_does_not_look_at_its_process_each_time() throws Exception {
    Watcher counting =
        new Watcher(
            leader -> {
              reads.incrementAndGet();
              return leader.isAlive();
            },
            Duration.ofHours(1));
    ShellConfig config =
        new ShellConfig(
            "while [ ! -e go ]; do sleep 0.05; done",
            work,
            runs,
            null,
            Map.of(),
            LONG,
            Duration.ofMinutes(10),
            LIMITS);
    Shell shell = new Shell(config, clock, QUICK, counting);
    Attempt attempt = Attempts.plain();
    String id = started(shell, attempt);
    for (int i = 0; i < 5; i++) {
      assertThat(shell.poll(attempt, id, log)).isInstanceOf(Sighting.Going.class);
    }
    assertThat(reads).hasValue(1);
    Files.createFile(work.resolve("go"));
    assertThat(end(shell, attempt, id)).isInstanceOf(End.Succeeded.class);
    assertThat(counting.watched()).isZero();
  }
}
