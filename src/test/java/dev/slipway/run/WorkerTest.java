package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.PollResult;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Verdict;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.server.Await;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.store.StoreException;
import dev.slipway.store.StoredRun;
import dev.slipway.store.TestDatabases;
import dev.slipway.targets.Launches;
import dev.slipway.targets.Target;
import dev.slipway.time.SettableTime;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose a run is while its process lives, and what a stop leaves of one that is being started. */
@Timeout(60)
class WorkerTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration ENOUGH = Duration.ofSeconds(50);
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));

  @TempDir Path folder;
  private final SettableTime time = new SettableTime();
  private final List<Worker> workers = new ArrayList<>();

  private Database open(TestDatabases kind) {
    return Database.open(kind.url(), new DatabaseLogin(null, null));
  }

  private static long accept(Database database) {
    return accept(database, 42, "key");
  }

  private static long accept(Database database, long githubId, String key) {
    return accept(database, githubId, key, new Repository("github.com", 7, "octo/hello"));
  }

  private static long accept(
      Database database, @Nullable Long githubId, String key, Repository repository) {
    Deployment deployment =
        new Deployment(
            repository,
            githubId,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    Route route =
        new Route(
            "default",
            RouteMatch.ANY,
            OriginPolicy.NONE,
            List.of("held", "next"),
            null,
            QueuePolicy.LATEST);
    return new Inbox(database, Duration.ofDays(1))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, T0);
              ledger.lockQueue(key).enqueue(new QueueEntry(id, 1, deployment), route, T0);
              return id;
            });
  }

  private Worker worker(Database database, Target target, Duration lease) {
    Redactor redactor = new Redactor(List.of());
    Worker worker =
        new Worker(
            new Runs(database, lease),
            new RouteTargets(
                Map.of("default", List.of(target)), Launches.EXECUTOR, new OpenStartGate(), 1),
            new RunLog(new Logs(database), redactor, time),
            redactor,
            time,
            time,
            "this process");
    workers.add(worker);
    return worker;
  }

  /**
   * Their clock knows no waiting: a run that outlived its database would ask for it without end.
   */
  @AfterEach
  void stopWorkers() throws InterruptedException {
    for (Worker worker : workers) {
      worker.stop(Duration.ZERO, Duration.ofSeconds(30));
    }
  }

  private HeldTarget held(HeldTarget.Point point) {
    return new HeldTarget(point, folder, LIMITS);
  }

  private static List<Fact> facts(Database database, long id) {
    return new DeploymentQueries(database).find(id).orElseThrow().facts();
  }

  @ParameterizedTest
  @EnumSource
  void a_process_never_takes_its_own_run_however_long_it_stood_still(TestDatabases kind)
      throws Exception {
    try (Database database = open(kind)) {
      long id = accept(database);
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      // A lease that is over as soon as it is given: nothing was renewed for longer than that
      Worker worker = worker(database, target, Duration.ZERO);
      assertThat(worker.acquireBatch()).isTrue();
      target.held.await();

      assertThat(worker.acquireBatch()).isFalse();

      target.release.countDown();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
      assertThat(target.starts).hasValue(1);
      assertThat(facts(database, id)).last().isInstanceOf(Fact.Ended.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_stop_leaves_a_run_alone_that_is_about_to_start(TestDatabases kind) throws Exception {
    try (Database database = open(kind)) {
      long id = accept(database);
      HeldTarget target = held(HeldTarget.Point.BEFORE_THE_INTENT);
      Worker worker = worker(database, target, ENOUGH);
      assertThat(worker.acquireBatch()).isTrue();
      target.held.await();

      Thread stop = stop(worker, ENOUGH);
      Await.until(() -> "begun", () -> stop.getState() == Thread.State.TIMED_WAITING);
      target.release.countDown();
      stop.join();

      assertThat(facts(database, id))
          .last()
          .isInstanceOfSatisfying(
              Fact.Judged.class,
              judged -> assertThat(judged.verdict()).isInstanceOf(Verdict.Accepted.class));
      Worker next = worker(database, target, ENOUGH);
      assertThat(next.acquireBatch()).as("the run is free").isTrue();
      Await.until(() -> "in work", () -> next.activeRuns() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_interrupt_in_the_middle_of_a_start_is_no_verdict(TestDatabases kind) throws Exception {
    try (Database database = open(kind)) {
      long id = accept(database);
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      assertThat(worker.acquireBatch()).isTrue();
      target.held.await();

      Thread stop = stop(worker, Duration.ZERO);
      target.interrupted.await();
      target.release.countDown();
      stop.join();

      assertThat(facts(database, id)).singleElement().isInstanceOf(Fact.Intended.class);
    }
  }

  private static Thread stop(Worker worker, Duration grace) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                worker.stop(grace, ENOUGH);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void what_surely_never_started_is_started_again_at_the_same_target(TestDatabases kind)
      throws Exception {
    try (Database database = open(kind)) {
      long id = accept(database);
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker before = worker(database, target, ENOUGH);
      assertThat(before.acquireBatch()).isTrue();
      target.held.await();
      Thread stop = stop(before, Duration.ZERO);
      target.interrupted.await();
      target.release.countDown();
      stop.join();

      Worker after = worker(database, target, ENOUGH);
      assertThat(after.acquireBatch()).isTrue();
      Await.until(() -> "in work", () -> after.activeRuns() == 0);

      assertThat(target.starts).hasValue(2);
      assertThat(facts(database, id)).last().isInstanceOf(Fact.Ended.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_command_over_the_limit_waits_and_says_so(TestDatabases kind) throws Exception {
    try (Database database = open(kind)) {
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      long first = accept(database, 42, "one");
      assertThat(worker.acquireBatch()).isTrue();
      target.held.await();
      long second = accept(database, 43, "two");
      assertThat(worker.acquireBatch()).isTrue();

      Await.until(
          () -> statuses(database, second).toString(), () -> !statuses(database, second).isEmpty());
      assertThat(statuses(database, second)).containsExactly("Waits for another command to end");
      assertThat(target.starts).hasValue(1);

      target.release.countDown();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
      assertThat(target.starts).hasValue(2);
      assertThat(statuses(database, first)).containsExactly("Live");
      assertThat(statuses(database, second))
          .containsExactly("Waits for another command to end", "Starting held", "Live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_deploy_that_waits_to_be_looked_at_is_neither_stopped_nor_written_about(TestDatabases kind)
      throws Exception {
    try (Database database = open(kind)) {
      long id = accept(database);
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      target.release.countDown();
      target.sightings.addAll(
          List.of(
              new PollResult.Going("building", Duration.ofSeconds(5)),
              new PollResult.NotYet(Duration.ofSeconds(5)),
              new PollResult.Going("building", Duration.ofSeconds(5)),
              new PollResult.NotYet(LIMITS.total().multipliedBy(2))));
      Worker worker = worker(database, target, ENOUGH);
      assertThat(worker.acquireBatch()).isTrue();

      Await.until(() -> "in work", () -> worker.activeRuns() == 0);

      assertThat(time.instant()).isAfter(T0.plus(LIMITS.total()));
      assertThat(statuses(database, id)).containsExactly("Live");
      assertThat(facts(database, id))
          .extracting(Object::getClass)
          .containsExactly(
              Fact.Intended.class, Fact.Judged.class, Fact.Seen.class, Fact.Ended.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_command_that_is_handed_over_has_its_slot_before_it_is_intended(TestDatabases kind)
      throws Exception {
    try (Database database = open(kind)) {
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      worker.acceptHandovers();

      long first = accept(database, 42, "one");
      assertThat(facts(database, first)).singleElement().isInstanceOf(Fact.Intended.class);
      long second = accept(database, 43, "two");

      Await.until(
          () -> statuses(database, second).toString(), () -> !statuses(database, second).isEmpty());
      assertThat(facts(database, second)).isEmpty();
      target.release.countDown();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
      assertThat(target.starts).hasValue(2);
      assertThat(statuses(database, first)).containsExactly("Live");
      assertThat(facts(database, first))
          .hasExactlyElementsOfTypes(Fact.Intended.class, Fact.Judged.class, Fact.Ended.class);
      assertThat(statuses(database, second))
          .containsExactly("Waits for another command to end", "Starting held", "Live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_commit_that_fails_keeps_no_slot(TestDatabases kind) throws Exception {
    String url = kind.url();
    try (Database database = Database.open(url, new DatabaseLogin(null, null));
        Connection other = DriverManager.getConnection(url);
        Statement statement = other.createStatement()) {
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      worker.acceptHandovers();
      // Counted last, when the run has its slot
      statement.execute("alter table counter rename to away");
      assertThatThrownBy(() -> accept(database)).isInstanceOf(StoreException.class);
      statement.execute("alter table away rename to counter");

      long id = accept(database);
      assertThat(worker.acquireBatch()).isTrue();

      target.held.await();
      assertThat(statuses(database, id)).isEmpty();
      assertThat(target.starts).hasValue(1);
      target.release.countDown();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
    }
  }

  private static List<String> statuses(Database database, long id) {
    return new DeploymentQueries(database)
        .find(id).orElseThrow().statuses().stream()
            .map(reported -> reported.status().description())
            .toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_run_that_need_not_wait_is_begun_without_anybody_looking_for_it(TestDatabases kind)
      throws Exception {
    try (Database database = open(kind)) {
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      worker.acceptHandovers();

      long id = accept(database);

      target.held.await();
      assertThat(worker.acquireBatch()).isFalse();
      target.release.countDown();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
      assertThat(target.starts).hasValue(1);
      assertThat(facts(database, id)).last().isInstanceOf(Fact.Ended.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_run_says_before_it_starts_is_on_disk_with_the_intent(TestDatabases kind)
      throws Exception {
    try (Database database = open(kind)) {
      long id = accept(database);
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      assertThat(worker.acquireBatch()).isTrue();

      target.held.await();

      assertThat(facts(database, id)).singleElement().isInstanceOf(Fact.Intended.class);
      assertThat(new Logs(database).read(id, 0, 1000).text()).contains("▸ Deploying aaaaaaa");
      target.release.countDown();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_worker_that_has_stopped_leaves_what_comes_to_the_next(TestDatabases kind)
      throws Exception {
    try (Database database = open(kind)) {
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      worker.acceptHandovers();
      worker.stop(ENOUGH, ENOUGH);

      long id = accept(database);

      assertThat(worker.activeRuns()).isZero();
      assertThat(run(database, id).state()).isEqualTo(StoredRun.State.QUEUED);
      assertThat(worker(database, target, ENOUGH).acquireBatch()).isTrue();
      target.release.countDown();
    }
  }

  @Test
  void a_run_whose_commit_outlasts_the_stop_is_given_back() throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (Database database = Database.open(url, new DatabaseLogin(null, null));
        Connection other = DriverManager.getConnection(url);
        Statement statement = other.createStatement()) {
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      Worker worker = worker(database, target, ENOUGH);
      worker.acceptHandovers();
      statement.execute(
          """
          create function held() returns trigger language plpgsql as
            $$ begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
          create constraint trigger held after insert on run deferrable initially deferred
            for each row execute function held();
          select pg_advisory_lock(1)
          """);
      Thread accepting = Thread.ofPlatform().start(() -> accept(database));
      Await.until(() -> "not in its commit", () -> waitsForLock(statement));

      worker.stop(ENOUGH, ENOUGH);
      statement.execute("select pg_advisory_unlock(1)");
      accepting.join();

      assertThat(worker.activeRuns()).isZero();
      assertThat(target.starts).hasValue(0);
      assertThat(run(database, 1).state()).isEqualTo(StoredRun.State.RUNNING);
      assertThat(facts(database, 1))
          .as("what was intended, and that it was not done")
          .hasExactlyElementsOfTypes(Fact.Intended.class, Fact.Busy.class);
      target.release.countDown();
      Worker next = worker(database, target, ENOUGH);
      assertThat(next.acquireBatch()).as("the run is free").isTrue();
      Await.until(() -> "in work", () -> next.activeRuns() == 0);
      assertThat(target.starts).hasValue(1);
      assertThat(facts(database, 1))
          .as("nothing had to be looked up")
          .noneMatch(Fact.LookedUp.class::isInstance);
    }
  }

  private static boolean waitsForLock(Statement statement) {
    try (ResultSet found =
        statement.executeQuery(
            "select 1 from pg_locks where locktype = 'advisory' and not granted")) {
      return found.next();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static StoredRun run(Database database, long id) {
    return new DeploymentQueries(database).find(id).orElseThrow().run();
  }

  @Test
  void the_log_of_an_order_without_a_repository_reads_well() {
    try (Database database = open(TestDatabases.SQLITE)) {
      long id = accept(database, null, "key", Repository.NONE);
      HeldTarget target = held(HeldTarget.Point.IN_THE_CALL);
      target.release.countDown();
      Worker worker = worker(database, target, ENOUGH);
      assertThat(worker.acquireBatch()).isTrue();
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
      assertThat(new Logs(database).read(id, 0, 1000).text())
          .contains("Deploying aaaaaaa to production (run 1, route default)");
    }
  }
}
