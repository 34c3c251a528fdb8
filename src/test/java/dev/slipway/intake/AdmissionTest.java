package dev.slipway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.store.Counters;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Logs;
import dev.slipway.store.Retention;
import dev.slipway.store.Runs;
import dev.slipway.store.StoredRun;
import dev.slipway.store.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a new deployment does to those that wait in its queue, on both databases. */
class AdmissionTest {
  private static final AuditEntry.Act ORDERED =
      new AuditEntry.Act(new Actor("mia", Actor.Via.API), AuditEntry.Action.DEPLOY, "");
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final QueuePolicy ALL = new QueuePolicy(QueuePolicy.Mode.ALL, false, false);
  private static final QueuePolicy REJECT = new QueuePolicy(QueuePolicy.Mode.REJECT, false, false);
  private static final QueuePolicy CANCEL = new QueuePolicy(QueuePolicy.Mode.LATEST, true, false);

  private static final class Desk implements AutoCloseable {
    final Database database;
    final Runs runs;
    final DeploymentQueries deployments;
    final Intake intake;
    final Route route;

    Desk(TestDatabases kind, QueuePolicy policy) {
      this(Database.open(kind.url(), new DatabaseLogin(null, null)), policy);
    }

    Desk(Database database, QueuePolicy policy) {
      this.database = database;
      runs = new Runs(database, Duration.ofMinutes(1));
      deployments = new DeploymentQueries(database);
      route =
          new Route("web", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), "shared", policy);
      intake =
          new Intake(
              new Inbox(database, Duration.ofDays(90)),
              List.of(route),
              Duration.ofDays(365),
              () -> NOW);
    }

    Decision arrive(@Nullable Long githubId) {
      return arrive(githubId, "production", "deploy");
    }

    Decision arrive(@Nullable Long githubId, String environment, String task) {
      Deployment deployment =
          new Deployment(
              new Repository("github.com", 7, "octo/hello"),
              githubId,
              "a".repeat(40),
              "main",
              new Environment(environment, false, false),
              task,
              "{}",
              "",
              "mia",
              NOW);
      Delivery delivery =
          new Delivery("guid", "deployment", DeliverySource.WEBHOOK, "current", "00", NOW);
      return intake.acceptOrder(delivery, deployment, route, ORDERED);
    }

    LeasedRun take() {
      return LeasedRuns.acquire(runs, "worker", NOW).orElseThrow();
    }

    void settle(LeasedRun taken, End end) {
      try {
        runs.settle(taken.lease(), List.of(), end, "", NOW);
      } catch (LeaseLostException e) {
        throw new AssertionError(e);
      }
    }

    DeploymentQueries.DeploymentDetails of(Decision decision) {
      return deployments.find(((Decision.OfDeployment) decision).deploymentId()).orElseThrow();
    }

    List<String> statuses(Decision decision) {
      return of(decision).statuses().stream()
          .map(
              reported -> reported.status().state().code() + ": " + reported.status().description())
          .toList();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void upper_and_lower_case_are_one_environment(TestDatabases kind) {
    try (Desk desk = new Desk(kind, QueuePolicy.LATEST)) {
      Decision running = desk.arrive(41L, "production", "deploy");
      LeasedRun taken = desk.take();
      Decision waiting = desk.arrive(43L, "Production", "deploy");
      Decision newest = desk.arrive(44L, "PRODUCTION", "deploy");

      assertThat(desk.arrive(42L, "production", "deploy").kind().code()).isEqualTo("stale");
      assertThat(desk.of(waiting).run().end()).isInstanceOf(End.Superseded.class);
      desk.settle(taken, new End.Succeeded(null, ""));
      assertThat(desk.deployments.liveCommit(desk.of(newest).deployment().deployment()))
          .contains("a".repeat(40));
      assertThat(desk.of(running).run().end()).isInstanceOf(End.Succeeded.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_newer_one_replaces_those_of_its_task_that_wait(TestDatabases kind) {
    try (Desk desk = new Desk(kind, QueuePolicy.LATEST)) {
      Decision running = desk.arrive(41L);
      desk.take();
      Decision waiting = desk.arrive(42L);

      Decision newer = desk.arrive(43L);

      assertThat(newer.reason())
          .isEqualTo("route \"web\" takes it; it replaces deployment 42, which waited");
      assertThat(desk.of(waiting).run().end())
          .isEqualTo(new End.Superseded("Replaced by deployment 43 before it started"));
      assertThat(desk.statuses(waiting))
          .containsExactly(
              "queued: Next in the queue: waits for deployment 41",
              "inactive: Replaced by deployment 43 before it started");
      assertThat(new Logs(desk.database).read(desk.of(waiting).deployment().id(), 0, 1000).text())
          .isEqualTo("2026-11-21T10:00:00.000Z ▸ Replaced by deployment 43 before it started\n");
      assertThat(desk.statuses(newer))
          .containsExactly("queued: Next in the queue: waits for deployment 41");
      assertThat(desk.of(running).run().state()).isEqualTo(StoredRun.State.RUNNING);
      assertThat(desk.arrive(42L).kind().code()).isEqualTo("stale");
    }
  }

  @ParameterizedTest
  @EnumSource
  void another_task_or_environment_in_the_same_queue_is_not_replaced(TestDatabases kind) {
    try (Desk desk = new Desk(kind, QueuePolicy.LATEST)) {
      desk.arrive(40L);
      desk.take();
      Decision migration = desk.arrive(41L, "production", "migrate");
      Decision elsewhere = desk.arrive(42L, "staging", "deploy");

      desk.arrive(43L);

      assertThat(desk.of(migration).run().end()).isNull();
      assertThat(desk.of(elsewhere).run().end()).isNull();
      assertThat(desk.statuses(elsewhere))
          .containsExactly(
              "queued: 2nd in the queue: waits for deployment 40 of octo/hello to production and 1 more");
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_comes_after_a_newer_one_ends_at_once(TestDatabases kind) {
    try (Desk desk = new Desk(kind, QueuePolicy.LATEST)) {
      desk.arrive(43L);

      Decision late = desk.arrive(42L);

      assertThat(late)
          .isEqualTo(new Decision.Stale("deployment 43, which is newer, came before it"));
      DeploymentQueries.DeploymentDetails kept = desk.deployments.find(2).orElseThrow();
      assertThat(kept.statuses())
          .extracting(DeploymentQueries.StatusReport::status)
          .containsExactly(
              new Status(
                  GithubState.INACTIVE, "Stale: deployment 43, which is newer, came before it"));
      assertThat(desk.arrive(42L).kind().code()).isEqualTo("stale");
      assertThat(desk.take().deployment().deployment().githubId()).isEqualTo(43);
      assertThat(LeasedRuns.acquire(desk.runs, "worker", NOW)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void deployments_without_a_number_on_github_are_replaced_in_the_order_of_their_coming(
      TestDatabases kind) {
    try (Desk desk = new Desk(kind, QueuePolicy.LATEST)) {
      desk.arrive(null);
      desk.take();
      Decision second = desk.arrive(null);

      Decision third = desk.arrive(null);

      assertThat(desk.of(second).run().end())
          .isEqualTo(new End.Superseded("Replaced by deployment 3 of the API before it started"));
      assertThat(desk.statuses(third))
          .containsExactly("queued: Next in the queue: waits for deployment 1 of the API");
    }
  }

  @ParameterizedTest
  @EnumSource
  void in_a_queue_all_run_in_order_and_get_a_status_when_their_position_changes(
      TestDatabases kind) {
    try (Desk desk = new Desk(kind, ALL)) {
      desk.arrive(41L);
      desk.arrive(42L);
      Decision third = desk.arrive(43L);
      Decision late = desk.arrive(40L);
      assertThat(desk.statuses(late))
          .containsExactly("queued: 3rd in the queue: waits for deployment 41 and 2 more");

      desk.settle(desk.take(), new End.Succeeded(null, "live"));
      LeasedRun second = desk.take();
      assertThat(second.deployment().deployment().githubId()).isEqualTo(42);
      assertThat(desk.statuses(third))
          .containsExactly(
              "queued: 2nd in the queue: waits for deployment 41 and 1 more",
              "queued: Next in the queue: waits for deployment 42");
      desk.settle(second, new End.Failed("exit 1"));

      assertThat(desk.statuses(late).getLast())
          .isEqualTo("queued: Next in the queue: waits for deployment 43");
      assertThat(desk.statuses(third)).as("it runs: nothing to say").hasSize(2);
      assertThat(desk.take().deployment().deployment().githubId()).isEqualTo(43);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_far_behind_gets_no_status_for_each_position(TestDatabases kind) {
    try (Desk desk = new Desk(kind, ALL)) {
      List<Decision> all = IntStream.range(0, 14).mapToObj(i -> desk.arrive(100L + i)).toList();
      assertThat(desk.statuses(all.get(10)))
          .containsExactly("queued: 10th in the queue: waits for deployment 100 and 9 more");
      assertThat(desk.statuses(all.getLast()))
          .containsExactly("queued: In the queue, more than 10 ahead");

      desk.settle(desk.take(), new End.Succeeded(null, "live"));

      assertThat(desk.statuses(all.get(11)).getLast())
          .isEqualTo("queued: 10th in the queue: waits for deployment 101 and 9 more");
      assertThat(desk.statuses(all.getLast())).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_route_that_rejects_turns_away_while_one_has_not_ended(TestDatabases kind) {
    try (Desk desk = new Desk(kind, REJECT)) {
      desk.arrive(41L);
      LeasedRun running = desk.take();

      Decision turnedAway = desk.arrive(42L);

      assertThat(turnedAway)
          .isEqualTo(
              new Decision.Locked(
                  2, "deployment 41 has not ended, and route \"web\" lets none wait"));
      assertThat(desk.statuses(turnedAway))
          .containsExactly(
              "inactive: Turned away: deployment 41 has not ended, and route \"web\" lets none wait");
      assertThat(desk.arrive(42L)).isInstanceOf(Decision.Locked.class);
      assertThat(desk.statuses(turnedAway)).hasSize(1);

      desk.settle(running, new End.Failed("exit 1"));
      assertThat(desk.arrive(41L)).as("a newer one never ran").isInstanceOf(Decision.Retried.class);
      desk.settle(desk.take(), new End.Failed("exit 1"));
      assertThat(desk.arrive(42L)).isInstanceOf(Decision.Retried.class);
      assertThat(desk.take().run().number()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_one_that_runs_is_asked_once_to_stop(TestDatabases kind) {
    try (Desk desk = new Desk(kind, CANCEL)) {
      desk.arrive(41L);
      LeasedRun running = desk.take();
      assertThat(desk.runs.stopRequests("worker")).isEmpty();

      Decision newer = desk.arrive(42L);
      desk.arrive(43L);

      assertThat(newer.reason()).endsWith("it stops deployment 41, which runs");
      assertThat(desk.runs.stopRequests("worker")).containsExactly(running.run().id());
      assertThat(desk.runs.stopRequests("another")).isEmpty();
      assertThat(desk.runs.facts(running.run().id()))
          .containsExactly(new Fact.Replaced(NOW, "deployment 42"));
      desk.settle(running, new End.Superseded("Replaced by deployment 42; stopped"));
      assertThat(desk.take().deployment().deployment().githubId()).isEqualTo(43);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_removed_for_its_age_never_runs_again_whatever_the_policy(TestDatabases kind) {
    for (QueuePolicy policy : List.of(QueuePolicy.LATEST, ALL, REJECT)) {
      try (Desk desk = new Desk(kind, policy)) {
        desk.arrive(42L);
        desk.settle(desk.take(), new End.Succeeded(null, "live"));
        Duration day = Duration.ofDays(1);
        Retention retention =
            new Retention(
                desk.database, new Retention.Periods(day, day, Duration.ofDays(30)), "removed");
        while (retention.removeSome(NOW.plus(Duration.ofDays(2)))) {
          assertThat(policy).isNotNull();
        }
        assertThat(desk.deployments.find(1)).as("removed").isEmpty();

        assertThat(desk.arrive(42L))
            .isEqualTo(
                new Decision.Stale(
                    "it, or one that is newer, was removed for its age: create a new one"));
        assertThat(desk.arrive(41L).kind().code()).isEqualTo("stale");
        assertThat(LeasedRuns.acquire(desk.runs, "worker", NOW)).isEmpty();
        assertThat(desk.arrive(43L).kind().code()).isEqualTo("accepted");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(180)
  void of_very_many_that_wait_none_is_left_when_a_newer_one_replaces_them(TestDatabases kind) {
    Database database = Database.open(kind.url(), new DatabaseLogin(null, null));
    Desk queue = new Desk(database, ALL);
    List<Decision> waiting = IntStream.range(0, 250).mapToObj(i -> queue.arrive(100L + i)).toList();
    try (Desk desk = new Desk(database, QueuePolicy.LATEST)) {
      Decision newest = desk.arrive(1000L);

      assertThat(newest.reason())
          .contains("replaces deployment 100, which waited", "replaces deployment 109,")
          .endsWith("and replaces others, which waited");
      assertThat(waiting)
          .allSatisfy(
              one -> assertThat(desk.of(one).run().end()).isInstanceOf(End.Superseded.class));
      assertThat(new Counters(database).runCounts()).isEqualTo(new Counters.RunCounts(1, 0));
      assertThat(desk.take().deployment().deployment().githubId()).isEqualTo(1000);
      assertThat(LeasedRuns.acquire(desk.runs, "worker", NOW)).isEmpty();
      assertThat(new Counters(database).runCounts()).isEqualTo(new Counters.RunCounts(0, 1));
    }
  }

  /** Those who join, those who run and those who leave hold rows in an order without a knot. */
  @ParameterizedTest
  @EnumSource
  void many_at_once_keep_each_story_in_order(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind, ALL);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> joining = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        long first = 1000L * (caller + 1);
        joining.add(
            threads.submit(
                () ->
                    IntStream.range(0, 8).forEach(i -> desk.arrive(first + i, "e" + i % 2, "t"))));
      }
      Future<Integer> working = threads.submit(() -> work(desk, 32));
      for (Future<?> one : joining) {
        one.get();
      }
      assertThat(working.get()).isEqualTo(32);
      for (long id = 1; id <= 32; id++) {
        List<GithubState> states =
            desk.deployments.find(id).orElseThrow().statuses().stream()
                .map(reported -> reported.status().state())
                .toList();
        assertThat(states).isSorted().endsWith(GithubState.SUCCESS);
        assertThat(states).filteredOn(state -> state == GithubState.SUCCESS).hasSize(1);
      }
    }
  }

  private static int work(Desk desk, int wanted) throws LeaseLostException {
    int done = 0;
    while (done < wanted) {
      Optional<LeasedRun> taken = LeasedRuns.acquire(desk.runs, "worker", NOW);
      if (taken.isPresent()) {
        desk.runs.record(
            taken.get().lease(),
            List.of(),
            List.of(new Status(GithubState.IN_PROGRESS, "Starts")),
            "",
            NOW);
        desk.settle(taken.get(), new End.Succeeded(null, "live"));
        done++;
      }
    }
    return done;
  }
}
