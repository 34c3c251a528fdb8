package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Actor;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.LockScope;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.StartAnswer;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.server.Await;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.EnvironmentLocks;
import dev.slipway.store.Inbox;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.store.StoredRun;
import dev.slipway.store.TestDatabases;
import dev.slipway.targets.Launches;
import dev.slipway.time.SettableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a lock does to a run that has its turn already and was about to start. */
@Timeout(60)
class HeldStartTest {
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final String LOCKED = "Locked by ann: move; slipway unlock";
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));

  @TempDir Path folder;
  private final SettableTime time = new SettableTime();

  /** A worker with one slot for commands, and one target that a test holds. */
  private final class Desk implements AutoCloseable {
    final Database database;
    final HeldTarget target;
    final EnvironmentLocks locks;
    final Worker worker;

    Desk(TestDatabases kind, HeldTarget.Point point) {
      this(kind, point, new OpenStartGate());
    }

    Desk(TestDatabases kind, HeldTarget.Point point, StartGate gate) {
      database = Database.open(kind.url(), new DatabaseLogin(null, null));
      target = new HeldTarget(point, folder, LIMITS);
      locks = new EnvironmentLocks(database);
      Redactor redactor = new Redactor(List.of());
      worker =
          new Worker(
              new Runs(database, Duration.ofSeconds(50)),
              new RouteTargets(Map.of("default", List.of(target)), Launches.EXECUTOR, gate, 1),
              new RunLog(new Logs(database), redactor, time),
              redactor,
              time,
              time,
              "this process");
    }

    long accept(long githubId) {
      Deployment deployment =
          new Deployment(
              new Repository("github.com", 7, "octo/hello"),
              githubId,
              "a".repeat(40),
              "main",
              new Environment("e" + githubId, false, true),
              "deploy",
              "{}",
              "",
              "mia",
              time.instant());
      Route route =
          new Route(
              "default",
              RouteMatch.ANY,
              OriginPolicy.NONE,
              List.of("held"),
              null,
              QueuePolicy.LATEST);
      return new Inbox(database, Duration.ofDays(1))
          .record(
              ledger -> {
                long id = ledger.addDeployment(deployment, time.instant());
                ledger
                    .lockQueue("queue " + githubId)
                    .enqueue(new QueueEntry(id, 1, deployment), route, time.instant());
                return id;
              });
    }

    void lock() {
      EnvironmentLocks.Wish wish =
          new EnvironmentLocks.Wish(LockScope.EVERYTHING, "ann", "move", null);
      assertThat(locks.place(wish, ANN, time.instant()))
          .isInstanceOf(EnvironmentLocks.Placement.Placed.class);
    }

    void unlock() {
      assertThat(locks.remove(LockScope.EVERYTHING, ANN, time.instant())).isPresent();
    }

    void take() {
      assertThat(worker.acquireBatch()).isTrue();
    }

    void awaitRest() {
      Await.until(() -> "in work", () -> worker.activeRuns() == 0);
    }

    DeploymentQueries.DeploymentDetails history(long id) {
      return new DeploymentQueries(database).find(id).orElseThrow();
    }

    StoredRun run(long id) {
      return history(id).run();
    }

    List<String> told(long id) {
      return history(id).statuses().stream()
          .map(report -> report.status().state().code() + ": " + report.status().description())
          .toList();
    }

    @Override
    public void close() {
      // Their clock knows no waiting: a run that outlived its database would ask for it without end
      target.release.countDown();
      awaitRest();
      database.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lock_right_before_the_intent_sends_the_run_back_until_it_is_unlocked(TestDatabases kind)
      throws Exception {
    try (Desk desk = new Desk(kind, HeldTarget.Point.BEFORE_THE_INTENT)) {
      long id = desk.accept(42);
      desk.take();
      desk.target.held.await();

      desk.lock();
      desk.target.release.countDown();
      desk.awaitRest();

      assertThat(desk.target.starts).hasValue(0);
      assertThat(desk.run(id).state()).isEqualTo(StoredRun.State.QUEUED);
      assertThat(desk.told(id)).containsExactly("queued: " + LOCKED);
      assertThat(desk.history(id).facts()).containsExactly(new Fact.Held(time.instant(), LOCKED));
      assertThat(desk.worker.acquireBatch()).isFalse();

      desk.unlock();
      desk.take();
      desk.awaitRest();

      assertThat(desk.target.starts).hasValue(1);
      assertThat(desk.told(id))
          .containsExactly(
              "queued: " + LOCKED, "in_progress: Starts on route default", "success: Live");
      assertThat(new Logs(desk.database).read(id, 0, 10_000).text())
          .contains("Waits again: " + LOCKED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_that_waits_for_a_slot_goes_back_and_its_slot_is_free(TestDatabases kind)
      throws Exception {
    try (Desk desk = new Desk(kind, HeldTarget.Point.IN_THE_CALL)) {
      long first = desk.accept(42);
      desk.take();
      desk.target.held.await();
      long second = desk.accept(43);
      desk.take();
      Await.until(() -> desk.told(second).toString(), () -> !desk.told(second).isEmpty());

      desk.lock();
      desk.target.release.countDown();
      desk.awaitRest();

      assertThat(desk.told(first)).as("it had started").containsExactly("success: Live");
      assertThat(desk.target.starts).hasValue(1);
      assertThat(desk.told(second))
          .containsExactly("in_progress: Waits for another command to end", "queued: " + LOCKED);

      desk.unlock();
      desk.take();
      desk.awaitRest();

      assertThat(desk.target.starts).hasValue(2);
      assertThat(desk.told(second)).last().isEqualTo("success: Live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_whose_provider_was_busy_goes_back_and_is_asked_anew_after_the_unlock(
      TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind, HeldTarget.Point.IN_THE_CALL)) {
      for (int i = 0; i < 2; i++) {
        desk.target.answers.add(new StartAnswer.Busy("429", Duration.ofMinutes(4)));
      }
      long id = desk.accept(42);
      desk.take();
      desk.target.held.await();

      desk.lock();
      desk.target.release.countDown();
      desk.awaitRest();

      assertThat(desk.target.starts).hasValue(1);
      assertThat(desk.told(id)).containsExactly("queued: " + LOCKED);

      time.sleep(Duration.ofHours(1));
      desk.unlock();
      desk.take();
      desk.awaitRest();

      assertThat(desk.target.starts).as("busy once more within its limit").hasValue(3);
      assertThat(desk.told(id)).last().isEqualTo("success: Live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_route_that_rejects_turns_the_run_away(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind, HeldTarget.Point.BEFORE_THE_INTENT, new OpenStartGate(true))) {
      long id = desk.accept(42);
      desk.take();
      desk.target.held.await();

      desk.lock();
      desk.target.release.countDown();
      desk.awaitRest();

      assertThat(desk.target.starts).hasValue(0);
      assertThat(desk.run(id).end()).isEqualTo(new End.Cancelled("Turned away: " + LOCKED));
      assertThat(desk.told(id)).containsExactly("inactive: Turned away: " + LOCKED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_that_is_to_stop_ends_and_does_not_go_back(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind, HeldTarget.Point.BEFORE_THE_INTENT)) {
      long id = desk.accept(42);
      desk.take();
      desk.target.held.await();

      desk.lock();
      Fact.CancelRequested request = new Fact.CancelRequested(time.instant(), "ann", "");
      assertThat(
              new Inbox(desk.database, Duration.ofDays(1))
                  .<Optional<?>>record(ledger -> ledger.cancel(id, request)))
          .isPresent();
      desk.target.release.countDown();
      desk.awaitRest();

      assertThat(desk.target.starts).hasValue(0);
      assertThat(desk.run(id).end()).isEqualTo(new End.Cancelled("Cancelled by ann"));
    }
  }
}
