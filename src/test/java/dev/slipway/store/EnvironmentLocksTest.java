package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.intake.Intake;
import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.Fact;
import dev.slipway.model.Hold;
import dev.slipway.model.LockScope;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.server.Await;
import dev.slipway.store.EnvironmentLocks.Placement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What locks do to deployments that come in and that wait, on both databases. */
class EnvironmentLocksTest {
  private static final AuditEntry.Act ORDERED =
      new AuditEntry.Act(new Actor("mia", Actor.Via.API), AuditEntry.Action.DEPLOY, "");
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final LockScope ALL = new LockScope("", "", "");
  private static final LockScope PRODUCTION = new LockScope("", "octo/hello", "Production");
  private static final String TEXT = "queued: Locked by ann: move; slipway unlock";
  private static final Deployment HELLO = deployment(42, "octo/hello", "production");
  private static final LeaseOwner ME = new LeaseOwner("me", null);

  /** Intake and worker of one process, at a time that is set. */
  private static final class Desk implements AutoCloseable {
    final Database database;
    final Runs runs;
    final EnvironmentLocks locks;
    final Intake intake;
    final Route route;
    Instant now = NOW;

    Desk(TestDatabases kind) {
      this(kind, QueuePolicy.LATEST);
    }

    Desk(TestDatabases kind, QueuePolicy policy) {
      this(kind.url(), policy);
    }

    Desk(String url, QueuePolicy policy) {
      database = Database.open(url, new DatabaseLogin(null, null));
      runs = new Runs(database, Duration.ofDays(1));
      locks = new EnvironmentLocks(database);
      route = new Route("web", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, policy);
      intake =
          new Intake(
              new Inbox(database, Duration.ofDays(90)),
              List.of(route),
              Duration.ofDays(365),
              () -> now);
    }

    Decision arrive(long githubId) {
      return arrive(githubId, "octo/hello", "production");
    }

    Decision arrive(long githubId, String repository, String environment) {
      Deployment deployment = deployment(githubId, repository, environment);
      Delivery delivery =
          new Delivery(
              "guid " + githubId, "deployment", DeliverySource.WEBHOOK, "current", "00", now);
      return intake.acceptOrder(delivery, deployment, route, ORDERED);
    }

    Placement lock(LockScope scope, String owner, String reason, @Nullable Instant expiresAt) {
      return locks.place(new EnvironmentLocks.Wish(scope, owner, reason, expiresAt), ANN, now);
    }

    EnvironmentLock lock(LockScope scope) {
      return switch (lock(scope, "ann", "move", null)) {
        case Placement.Placed(EnvironmentLock lock) -> lock;
        case Placement other -> throw new AssertionError(other);
      };
    }

    List<Long> take() {
      return take(10);
    }

    List<Long> take(int limit) {
      return leased(limit).stream().map(run -> run.deployment().deployment().githubId()).toList();
    }

    List<LeasedRun> leased(int limit) {
      return runs.acquire(ME, now, limit);
    }

    void settle(LeasedRun run) {
      try {
        runs.settle(run.lease(), List.of(), new End.Succeeded(null, "live"), "", now);
      } catch (LeaseLostException e) {
        throw new AssertionError(e);
      }
    }

    void wait(Duration time) {
      now = now.plus(time);
    }

    List<String> statuses(Decision decision) {
      long id = ((Decision.OfDeployment) decision).deploymentId();
      return new DeploymentQueries(database)
          .find(id).orElseThrow().statuses().stream()
              .map(told -> told.status().state().code() + ": " + told.status().description())
              .toList();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private static Deployment deployment(long githubId, String repository, String environment) {
    return new Deployment(
        new Repository("github.com", 7, repository),
        githubId,
        "a".repeat(40),
        "main",
        new Environment(environment, false, false),
        "deploy",
        "{}",
        "",
        "mia",
        NOW);
  }

  @ParameterizedTest
  @EnumSource
  void what_comes_while_its_environment_is_locked_waits_until_it_is_unlocked(TestDatabases kind)
      throws Exception {
    try (Desk desk = new Desk(kind);
        CommitNotifier.Subscription queue =
            desk.database.notifier().subscribe(CommitNotifier.QUEUE)) {
      EnvironmentLock lock = desk.lock(PRODUCTION);

      Decision held = desk.arrive(42);

      assertThat(held).isInstanceOf(Decision.Accepted.class);
      assertThat(desk.statuses(held)).containsExactly(TEXT + " Production --repository octo/hello");
      assertThat(desk.take()).isEmpty();
      desk.wait(Duration.ofDays(400));
      assertThat(desk.take()).isEmpty();
      assertThat(desk.statuses(held)).as("told once").hasSize(1);
      assertThat(queue.await(Duration.ZERO)).isTrue();

      assertThat(desk.locks.remove(lock.id(), ANN, desk.now)).contains(lock);

      assertThat(queue.await(Duration.ZERO)).as("the worker is woken").isTrue();
      assertThat(desk.take()).containsExactly(42L);
      assertThat(desk.take()).isEmpty();
      assertThat(desk.locks.remove(lock.id(), ANN, desk.now)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_runs_goes_on_and_the_next_is_told_of_the_lock_when_it_is_first(TestDatabases kind)
      throws Exception {
    try (Desk desk = new Desk(kind, new QueuePolicy(QueuePolicy.Mode.ALL, false, false));
        CommitNotifier.Subscription outbox =
            desk.database.notifier().subscribe(CommitNotifier.OUTBOX)) {
      desk.arrive(41);
      LeasedRun running = desk.leased(1).getFirst();
      desk.lock(ALL);
      Decision next = desk.arrive(42);
      Decision last = desk.arrive(43);
      assertThat(desk.statuses(next))
          .containsExactly("queued: Next in the queue: waits for deployment 41");

      desk.settle(running);
      assertThat(outbox.await(Duration.ZERO)).isTrue();
      assertThat(desk.take()).isEmpty();

      assertThat(outbox.await(Duration.ZERO)).as("the poster is woken").isTrue();
      assertThat(desk.statuses(next)).last().isEqualTo(TEXT);
      assertThat(desk.statuses(last))
          .last()
          .isEqualTo("queued: Next in the queue: waits for deployment 42");
      desk.wait(Duration.ofHours(1));
      assertThat(desk.take()).isEmpty();
      assertThat(desk.statuses(next)).as("told once").hasSize(2);
      assertThat(desk.locks.remove(ALL, ANN, desk.now)).isPresent();
      assertThat(desk.take()).containsExactly(42L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lock_ends_by_itself_at_its_time(TestDatabases kind) {
    try (Desk desk = new Desk(kind)) {
      desk.lock(PRODUCTION, "ann", "move", NOW.plusSeconds(30));
      desk.arrive(42);
      desk.wait(Duration.ofSeconds(29));
      assertThat(desk.take()).isEmpty();
      assertThat(desk.locks.list(desk.now)).hasSize(1);

      desk.wait(Duration.ofSeconds(1));

      assertThat(desk.locks.list(desk.now)).isEmpty();
      assertThat(desk.take()).containsExactly(42L);
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isEmpty();
      assertThat(new AuditLog(desk.database).list(Long.MAX_VALUE, 10, _ -> true).rows())
          .extracting(AuditLog.Row::action)
          .contains("lock")
          .doesNotContain("unlock");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_held_run_is_not_handed_over(TestDatabases kind) {
    List<LeasedRun> begun = new ArrayList<>();
    try (Desk desk = new Desk(kind)) {
      desk.runs.register(ME, new BegunRuns(begun));
      desk.lock(PRODUCTION);
      desk.arrive(42);
      assertThat(begun).isEmpty();
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isPresent();
      assertThat(desk.take()).containsExactly(42L);

      desk.arrive(43, "octo/other", "production");

      assertThat(begun).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_newer_one_replaces_the_one_that_is_held_and_is_held_itself(TestDatabases kind) {
    try (Desk desk = new Desk(kind)) {
      desk.lock(PRODUCTION);
      Decision older = desk.arrive(42);
      Decision newer = desk.arrive(43);

      assertThat(desk.statuses(older))
          .last()
          .isEqualTo("inactive: Replaced by deployment 43 before it started");
      assertThat(desk.statuses(newer))
          .containsExactly(TEXT + " Production --repository octo/hello");
      assertThat(desk.take()).isEmpty();
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isPresent();
      assertThat(desk.take()).containsExactly(43L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lock_holds_its_scope_and_nothing_else(TestDatabases kind) {
    Map<LockScope, List<Long>> free =
        Map.of(
            ALL,
            List.of(),
            new LockScope("", "Octo/Hello", ""),
            List.of(4L, 5L),
            PRODUCTION,
            List.of(2L, 3L, 4L, 5L),
            new LockScope("", "", "production"),
            List.of(2L, 3L, 5L),
            new LockScope("github.com", "octo/hello", "production"),
            List.of(2L, 3L, 4L, 5L),
            new LockScope("ghe.example", "", ""),
            List.of(1L, 2L, 3L, 4L, 5L));
    free.forEach(
        (scope, ids) -> {
          try (Desk desk = new Desk(kind)) {
            desk.lock(scope);
            desk.arrive(1, "octo/hello", "production");
            desk.arrive(2, "octo/hello", "staging");
            desk.arrive(3, "octo/hello", "production/eu");
            desk.arrive(4, "octo/other", "PRODUCTION");
            desk.arrive(5, "octo/other", "staging");

            assertThat(desk.take()).as(scope.toString()).isEqualTo(ids);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void of_several_locks_each_holds(TestDatabases kind) {
    try (Desk desk = new Desk(kind)) {
      desk.lock(PRODUCTION, "ann", "short", NOW.plusSeconds(600));
      desk.lock(ALL, "bob", "long", null);
      Decision held = desk.arrive(42);
      assertThat(desk.statuses(held))
          .containsExactly("queued: Locked by bob: long; slipway unlock");

      assertThat(desk.locks.remove(ALL, ANN, desk.now)).isPresent();
      assertThat(desk.take()).isEmpty();

      assertThat(desk.statuses(held)).hasSize(2);
      assertThat(desk.statuses(held).getLast())
          .startsWith("queued: Locked by ann: short (until 10:10 UTC)");
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isPresent();
      assertThat(desk.take()).containsExactly(42L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_scope_has_one_lock_which_its_owner_can_change(TestDatabases kind) {
    try (Desk desk = new Desk(kind)) {
      EnvironmentLock first = desk.lock(PRODUCTION);
      Decision held = desk.arrive(42);
      LockScope same = new LockScope("", "OCTO/hello", "production");

      assertThat(desk.lock(same, "bob", "mine", null)).isEqualTo(new Placement.Taken(first));
      assertThat(desk.locks.list(desk.now)).containsExactly(first);

      Instant end = NOW.plusSeconds(90);
      EnvironmentLock renewed =
          new EnvironmentLock(first.id(), PRODUCTION, "ann", "nearly done", NOW, end);
      assertThat(desk.lock(same, "ann", "nearly done", end))
          .isEqualTo(new Placement.Renewed(renewed));
      assertThat(desk.take()).isEmpty();
      assertThat(desk.statuses(held).getLast()).startsWith("queued: Locked by ann: nearly done (");

      desk.wait(Duration.ofSeconds(90));
      assertThat(desk.lock(same, "bob", "mine", null)).isInstanceOf(Placement.Placed.class);
      assertThat(desk.take()).isEmpty();
      assertThat(desk.statuses(held).getLast()).startsWith("queued: Locked by bob: mine; ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void however_many_are_held_those_that_are_free_start_at_once(TestDatabases kind) {
    try (Desk desk = new Desk(kind)) {
      for (long id = 1; id <= 7; id++) {
        desk.arrive(id, "octo/hello", "e" + id);
      }
      desk.arrive(8, "octo/other", "production");
      desk.lock(new LockScope("", "octo/hello", ""));

      assertThat(desk.take(2)).containsExactly(8L);
      assertThat(desk.take(2)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_removal_that_the_queue_did_not_hear_of_is_found_within_a_minute(TestDatabases kind) {
    try (Desk desk = new Desk(kind)) {
      desk.lock(ALL);
      desk.arrive(42);
      assertThat(desk.database.<Integer>write(sql -> sql.update("delete from environment_lock")))
          .isEqualTo(1);

      assertThat(desk.take()).isEmpty();
      desk.wait(Duration.ofMinutes(1));
      assertThat(desk.take()).containsExactly(42L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void who_locked_and_unlocked_stands_in_the_audit(TestDatabases kind) {
    try (Desk desk = new Desk(kind)) {
      desk.lock(PRODUCTION);
      desk.lock(PRODUCTION, "bob", "mine", null);
      desk.wait(Duration.ofSeconds(1));
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isPresent();
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isEmpty();

      assertThat(new AuditLog(desk.database).list(Long.MAX_VALUE, 10, _ -> true).rows())
          .extracting(
              AuditLog.Row::action,
              AuditLog.Row::actor,
              AuditLog.Row::repository,
              AuditLog.Row::subject,
              AuditLog.Row::reason,
              AuditLog.Row::at)
          .containsExactly(
              tuple("unlock", "ann", "octo/hello", "Production of octo/hello", "move", desk.now),
              tuple("lock", "ann", "octo/hello", "Production of octo/hello", "move", NOW));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_host_that_only_one_of_lock_and_unlock_names_makes_no_difference(TestDatabases kind) {
    LockScope named = new LockScope("github.com", "octo/hello", "production");
    LockScope elsewhere = new LockScope("ghe.example", "octo/hello", "production");
    try (Desk desk = new Desk(kind)) {
      desk.lock(named);
      assertThat(desk.locks.remove(elsewhere, ANN, desk.now)).isEmpty();
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isPresent();
      desk.lock(PRODUCTION);
      assertThat(desk.locks.remove(named, ANN, desk.now)).isPresent();
      assertThat(desk.locks.list(desk.now)).isEmpty();
    }
  }

  /** Each act is one transaction, so whoever comes after a crash finds it done or not begun. */
  @ParameterizedTest
  @EnumSource
  void each_step_is_found_by_the_process_that_comes_next(TestDatabases kind) {
    String url = kind.url();
    try (Desk desk = new Desk(url, QueuePolicy.LATEST)) {
      desk.lock(PRODUCTION);
    }
    try (Desk desk = new Desk(url, QueuePolicy.LATEST)) {
      assertThat(desk.statuses(desk.arrive(42)).getFirst()).startsWith(TEXT);
    }
    try (Desk desk = new Desk(url, QueuePolicy.LATEST)) {
      assertThat(desk.runs.freeOrphans()).isZero();
      assertThat(desk.take()).isEmpty();
      desk.wait(Duration.ofMinutes(5));
      assertThat(desk.take()).isEmpty();
    }
    try (Desk desk = new Desk(url, QueuePolicy.LATEST)) {
      assertThat(desk.locks.remove(PRODUCTION, ANN, desk.now)).isPresent();
    }
    try (Desk desk = new Desk(url, QueuePolicy.LATEST)) {
      assertThat(desk.take()).containsExactly(42L);
      assertThat(desk.take()).isEmpty();
    }
  }

  private static List<Fact> intent() {
    return List.of(new Fact.Intended(NOW, "shell", null, "", Duration.ZERO));
  }

  private static boolean waitsForTable(Database database) {
    return database.<Long>read(
            sql ->
                sql.number(
                    "select count(*) from pg_locks where relation = 'environment_lock'::regclass"
                        + " and not granted"))
        == 1;
  }

  @Test
  void who_locks_waits_for_a_start_that_is_being_written() throws Exception {
    try (Desk desk = new Desk(TestDatabases.POSTGRESQL);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch looked = new CountDownLatch(1);
      CountDownLatch written = new CountDownLatch(1);
      Future<Boolean> start =
          threads.submit(
              () ->
                  new Inbox(desk.database, Duration.ofDays(90))
                      .record(
                          transaction -> {
                            boolean isHeld = transaction.hold(HELLO, NOW).isPresent();
                            looked.countDown();
                            awaitQuietly(written);
                            return isHeld;
                          }));
      looked.await();
      Future<EnvironmentLock> placed = threads.submit(() -> desk.lock(PRODUCTION));
      Await.until(() -> "not waiting", () -> waitsForTable(desk.database));
      assertThat(placed.isDone()).isFalse();
      written.countDown();
      assertThat(start.get()).isFalse();
      assertThat(placed.get().owner()).isEqualTo("ann");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_start_waits_for_a_lock_that_is_being_placed_and_is_held_by_it() throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (Desk desk = new Desk(url, QueuePolicy.LATEST);
        Database other = Database.open(url, new DatabaseLogin(null, null));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      desk.arrive(42);
      LeasedRun run = desk.leased(1).getFirst();
      desk.database.<Boolean>write(
          sql -> {
            sql.execute(
                """
                create function standby() returns trigger language plpgsql as
                  $$ begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
                create constraint trigger standby after insert on environment_lock
                  deferrable initially deferred for each row execute function standby()
                """);
            return true;
          });
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch blocked = new CountDownLatch(1);
      Future<Boolean> commit =
          threads.submit(
              () ->
                  other.write(
                      sql -> {
                        sql.execute("select pg_advisory_xact_lock(1)");
                        blocked.countDown();
                        awaitQuietly(release);
                        return true;
                      }));
      blocked.await();
      Future<EnvironmentLock> placed = threads.submit(() -> desk.lock(PRODUCTION));
      Await.until(
          () -> "not in its commit",
          () ->
              other.<Long>read(
                      sql ->
                          sql.number(
                              "select count(*) from pg_locks"
                                  + " where locktype = 'advisory' and not granted"))
                  == 1);
      Future<Optional<Hold>> held =
          threads.submit(
              () -> desk.runs.recordIntent(run.lease(), intent(), List.of(), "", desk.now));
      Await.until(() -> "not waiting", () -> waitsForTable(other));
      release.countDown();

      assertThat(commit.get()).isTrue();
      assertThat(held.get()).contains(placed.get().hold());
      assertThat(desk.runs.facts(run.run().id())).isEmpty();
      assertThat(desk.runs.requeue(run.lease(), desk.now, "", desk.now)).isTrue();
      assertThat(desk.take()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lock_that_is_gone_again_sends_no_run_back(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind, new QueuePolicy(QueuePolicy.Mode.ALL, false, false))) {
      desk.arrive(41);
      LeasedRun run = desk.leased(1).getFirst();
      Decision next = desk.arrive(42);
      desk.lock(ALL);
      assertThat(desk.runs.recordIntent(run.lease(), intent(), List.of(), "", desk.now))
          .isPresent();
      assertThat(desk.locks.remove(ALL, ANN, desk.now)).isPresent();

      assertThat(desk.runs.requeue(run.lease(), desk.now, "", desk.now)).isFalse();
      assertThat(desk.runs.recordIntent(run.lease(), intent(), List.of(), "", desk.now)).isEmpty();
      assertThat(desk.take()).isEmpty();
      desk.settle(run);

      assertThat(desk.statuses(next))
          .containsExactly("queued: Next in the queue: waits for deployment 41");
      assertThat(desk.take()).containsExactly(42L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_that_goes_back_is_the_first_again_and_is_counted_once(TestDatabases kind)
      throws Exception {
    try (Desk desk = new Desk(kind, new QueuePolicy(QueuePolicy.Mode.ALL, false, false))) {
      Decision first = desk.arrive(41);
      LeasedRun run = desk.leased(1).getFirst();
      desk.arrive(42);
      desk.lock(ALL);

      assertThat(desk.runs.requeue(run.lease(), desk.now, "", desk.now)).isTrue();

      assertThat(desk.statuses(first)).last().isEqualTo(TEXT);
      assertThatThrownBy(() -> desk.runs.renew(run.lease())).isInstanceOf(LeaseLostException.class);
      assertThat(new Counters(desk.database).runCounts()).isEqualTo(new Counters.RunCounts(2, 0));
      assertThat(desk.locks.remove(ALL, ANN, desk.now)).isPresent();
      LeasedRun again = desk.leased(1).getFirst();
      assertThat(again.run().id()).isEqualTo(run.run().id());
      desk.settle(again);
      assertThat(desk.take()).containsExactly(42L);
    }
  }

  /** Who locks, who unlocks, who joins and who takes hold rows in an order without a knot. */
  @ParameterizedTest
  @EnumSource
  void many_at_once_hold_up_nobody_and_everything_runs_once(TestDatabases kind) throws Exception {
    List<Long> taken = new ArrayList<>();
    try (Desk desk = new Desk(kind);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (String owner : List.of("ann", "bob")) {
        all.add(threads.submit(() -> lockAndUnlock(desk, owner)));
      }
      for (long caller = 1; caller <= 2; caller++) {
        long first = caller * 100;
        all.add(
            threads.submit(
                () -> {
                  for (long id = first; id < first + 20; id++) {
                    desk.arrive(id, "octo/hello", "e" + id);
                  }
                }));
      }
      Future<?> worker =
          threads.submit(
              () -> {
                for (int round = 0; round < 40; round++) {
                  taken.addAll(desk.take(5));
                }
              });
      for (Future<?> one : all) {
        one.get();
      }
      worker.get();
      desk.wait(Duration.ofMinutes(1));
      taken.addAll(desk.take(100));
    }
    assertThat(taken).hasSize(40).doesNotHaveDuplicates();
  }

  private static void lockAndUnlock(Desk desk, String owner) {
    for (int i = 0; i < 20; i++) {
      if (!(desk.lock(ALL, owner, "round " + i, null) instanceof Placement.Taken)) {
        assertThat(desk.locks.remove(ALL, ANN, desk.now)).isPresent();
      }
    }
  }
}
