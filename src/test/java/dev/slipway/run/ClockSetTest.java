package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.LookupResult;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.PollResult;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.server.Await;
import dev.slipway.server.ClockStepMonitor;
import dev.slipway.store.ClaimedStatus;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.Logs;
import dev.slipway.store.Notifications;
import dev.slipway.store.Outbox;
import dev.slipway.store.Outboxes;
import dev.slipway.store.PostLimits;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Launches;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import dev.slipway.time.SystemTime;
import dev.slipway.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the machine's clock while a deploy runs and statuses wait. */
class ClockSetTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("slow"), null, QueuePolicy.LATEST);

  @TempDir Path folder;
  private final AtomicReference<Instant> machine = new AtomicReference<>(T0);
  private final AtomicLong ticks = new AtomicLong(47);
  private SystemTime time = new SystemTime(machine::get, ticks::get);
  private Database database;
  private Outboxes outboxes;
  private Outbox outbox;

  @BeforeEach
  void open() {
    database =
        Database.open("jdbc:sqlite:" + folder.resolve("slipway.db"), new DatabaseLogin(null, null));
    outboxes =
        new Outboxes(database, Duration.ofMinutes(2), Map.of("github.com", new PostLimits(1, 0)));
    outbox = outboxes.of("github.com");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void pass(Duration duration) {
    machine.updateAndGet(now -> now.plus(duration));
    ticks.addAndGet(duration.toNanos());
  }

  private void set(Duration by) {
    machine.updateAndGet(now -> now.plus(by));
  }

  /** A deploy of 50 minutes; it is looked at every minute, and the clock is set amid of it. */
  private final class Slow implements Target {
    private final Duration jump;
    private int looks;
    private int starts;
    private int leaveAt;

    Slow(Duration jump) {
      this.jump = jump;
    }

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public String destination() {
      return "the test";
    }

    @Override
    public AttemptLimits limits() {
      Duration hour = Duration.ofHours(1);
      return new AttemptLimits(hour, hour, hour, hour, Duration.ofMinutes(10));
    }

    @Override
    public PreparedStart preview(Attempt attempt) {
      return Launches.of(
          _ -> {
            starts++;
            return new Verdict.Accepted("dep-1", "");
          });
    }

    @Override
    public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
      looks++;
      if (looks == leaveAt) {
        throw new InterruptedException("Slipway stops");
      }
      if (looks == 20) {
        set(jump);
      }
      return looks < 50
          ? new PollResult.Going("phase " + looks / 8, Duration.ofMinutes(1))
          : new PollResult.Over(new End.Succeeded(null, "Live"));
    }

    @Override
    public LookupResult lookUp(Attempt attempt, AttemptLog log) {
      throw new AssertionError("nothing is unknown");
    }

    @Override
    public StopResult stop(Attempt attempt, String id, AttemptLog log) {
      return new StopResult.Done("stopped");
    }
  }

  private long accept() {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            42L,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    return new Inbox(database, Duration.ofDays(1))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, time.instant());
              ledger
                  .lockQueue("key")
                  .enqueue(new QueueEntry(id, 1, deployment), ROUTE, time.instant());
              ledger.addStatus(
                  id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), time.instant());
              return id;
            });
  }

  private Worker worker(Target target) {
    return worker(target, time, () -> {});
  }

  private Worker worker(Target target, SystemTime running, Runnable watch) {
    return new Worker(
        new Runs(database, Duration.ofSeconds(20)),
        new RouteTargets(
            Map.of("default", List.of(target)),
            Launches.EXECUTOR,
            new OpenStartGate(),
            Integer.MAX_VALUE),
        new RunLog(new Logs(database), new Redactor(List.of()), time),
        new Redactor(List.of()),
        new WatchedTime(running, watch),
        time,
        "test");
  }

  /** Passes when somebody sleeps; first the machine's clock is looked at. */
  private final class WatchedTime implements Time {
    private final SystemTime running;
    private final Runnable watch;

    WatchedTime(SystemTime running, Runnable watch) {
      this.running = running;
      this.watch = watch;
    }

    @Override
    public Instant instant() {
      return running.instant();
    }

    @Override
    public long nanos() {
      return running.nanos();
    }

    @Override
    public void sleep(Duration duration) {
      watch.run();
      // Longer than a look: the clock of the machine was believed
      assertThat(duration).isLessThanOrEqualTo(Duration.ofMinutes(2));
      if (duration.isPositive()) {
        ClockSetTest.this.pass(duration);
      }
    }
  }

  private String endOf(long id, Worker worker) {
    // What a run leaves is free a moment after it is out of work
    Await.until(() -> "not free", worker::acquireBatch);
    Await.until(() -> "in work", () -> worker.activeRuns() == 0);
    return new DeploymentQueries(database)
        .find(id).orElseThrow().statuses().stream()
            .map(reported -> reported.status().state().toString())
            .reduce("", (all, one) -> all + " " + one)
            .strip();
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  void a_deploy_that_runs_ends_as_it_would_have(int minutes) {
    Slow slow = new Slow(Duration.ofMinutes(minutes));
    assertThat(endOf(accept(), worker(slow))).isEqualTo("IN_PROGRESS SUCCESS");
    assertThat(slow.starts).isEqualTo(1);
    assertThat(slow.looks).isEqualTo(50);
  }

  @Test
  void a_clock_that_was_set_back_while_slipway_was_away_holds_no_run_up() {
    Slow slow = new Slow(Duration.ZERO);
    slow.leaveAt = 6;
    long id = accept();
    assertThat(endOf(id, worker(slow))).isEqualTo("IN_PROGRESS");

    set(Duration.ofHours(-1));
    time = new SystemTime(machine::get, ticks::get);
    assertThat(endOf(id, worker(slow))).isEqualTo("IN_PROGRESS SUCCESS");
    assertThat(slow.starts).isEqualTo(1);
  }

  private ClockStepMonitor monitor(SystemTime running) {
    return new ClockStepMonitor(
        time, running, outboxes, new Notifications(database, List.of(), Duration.ofMinutes(1)));
  }

  @Test
  void the_clock_is_followed_at_once_but_by_runs_only_when_none_is_in_work() {
    SystemTime running = new SystemTime(machine::get, ticks::get);
    ClockStepMonitor watch = monitor(running);
    set(Duration.ofHours(1));
    watch.look(1);
    assertThat(time.instant()).isEqualTo(T0.plusSeconds(3600));
    assertThat(running.instant()).isEqualTo(T0);
    pass(Duration.ofSeconds(5));
    watch.look(0);
    assertThat(time.instant()).isEqualTo(T0.plusSeconds(3605));
    assertThat(running.instant()).isEqualTo(T0.plusSeconds(3605));
  }

  @Test
  void the_end_of_a_run_is_told_at_once_though_the_clock_was_set_back_amid_it() {
    SystemTime running = new SystemTime(machine::get, ticks::get);
    ClockStepMonitor watch = monitor(running);
    Slow slow = new Slow(Duration.ofHours(-1));
    long id = accept();
    assertThat(endOf(id, worker(slow, running, () -> watch.look(1))))
        .isEqualTo("IN_PROGRESS SUCCESS");
    assertThat(
            new DeploymentQueries(database).find(id).orElseThrow().statuses().getLast().createdAt())
        .as("by the clock that the reporter goes by")
        .isBeforeOrEqualTo(time.instant());
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  void what_waits_for_github_waits_as_long_as_before(int minutes) {
    accept();
    ClockStepMonitor watch = monitor(time);
    ClaimedStatus outgoing = outbox.claim(time.instant()).orElseThrow();
    assertThat(outbox.confirmPost(outgoing, time)).isTrue();
    outbox.pause(time.instant().plusSeconds(30));
    outbox.postpone(outgoing, time.instant().plusSeconds(40), true, "502", time.instant());

    set(Duration.ofMinutes(minutes));
    watch.look(0);
    // The pace of one a minute is what lasts longest
    pass(Duration.ofSeconds(60));
    assertThat(outbox.claim(time.instant())).isEmpty();
    pass(Duration.ofSeconds(2));
    assertThat(outbox.claim(time.instant())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  void what_is_being_posted_stays_with_its_poster(int minutes) {
    accept();
    ClockStepMonitor watch = monitor(time);
    assertThat(outbox.claim(time.instant())).isPresent();
    assertThat(outbox.nextDue(time.instant())).contains(time.instant().plusSeconds(120));

    set(Duration.ofMinutes(minutes));
    watch.look(0);

    assertThat(outbox.nextDue(time.instant())).contains(time.instant().plusSeconds(120));
  }
}
