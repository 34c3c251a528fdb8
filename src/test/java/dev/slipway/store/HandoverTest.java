package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a run that need not wait, in the commit that keeps it. */
class HandoverTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);
  private static final LeaseOwner ME = new LeaseOwner("me", null);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private static final StartIntent INTENT =
      new StartIntent(
          new Fact.Intended(
              T0, "shell", new CommandHost("folder", "machine", "boot"), "there", LEASE),
          "10:00 Deploying\n");

  private final Desk desk = new Desk();

  /** Keeps what it is handed. */
  private static final class Desk implements RunReceiver {
    final List<LeasedRun> begun = new ArrayList<>();
    final List<Lease> abandoned = new ArrayList<>();
    boolean open = true;
    boolean intends;

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public Optional<StartIntent> intend(LeasedRun run) {
      return intends ? Optional.of(INTENT) : Optional.empty();
    }

    @Override
    public void abandon(Lease lease) {
      abandoned.add(lease);
    }

    @Override
    public void start(LeasedRun run, Optional<StartIntent> intent) {
      assertThat(intent.isPresent()).isEqualTo(intends);
      begun.add(run);
    }
  }

  private static QueuePosition accept(Database database, long githubId) {
    return accept(database, githubId, "key");
  }

  private static QueuePosition accept(Database database, long githubId, String key) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            githubId,
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
              long id = ledger.addDeployment(deployment, T0);
              QueuePosition place =
                  ledger.lockQueue(key).enqueue(new QueueEntry(id, 1, deployment), ROUTE, T0);
              ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), T0);
              return place;
            });
  }

  private static StoredRun run(Database database, long id) {
    return new DeploymentQueries(database).find(id).orElseThrow().run();
  }

  private Runs runs(Database database) {
    Runs runs = new Runs(database, LEASE);
    runs.register(ME, desk);
    return runs;
  }

  @ParameterizedTest
  @EnumSource
  void a_run_in_a_free_queue_is_the_workers_with_the_commit_that_keeps_it(TestDatabases kind)
      throws Exception {
    try (Database database = kind.open();
        CommitNotifier.Subscription queue = database.notifier().subscribe(CommitNotifier.QUEUE)) {
      Runs runs = runs(database);

      assertThat(accept(database, 42).ahead()).isZero();

      LeasedRun taken = desk.begun.getFirst();
      assertThat(taken.deployment())
          .isEqualTo(new DeploymentQueries(database).find(1).orElseThrow().deployment());
      assertThat(taken.lease().owner()).isEqualTo("me");
      assertThat(taken.lastState()).isEqualTo(GithubState.IN_PROGRESS);
      assertThat(taken.facts()).isEmpty();
      assertThat(run(database, 1).state()).isEqualTo(StoredRun.State.RUNNING);
      assertThat(run(database, 1).startedAt()).isEqualTo(T0);
      assertThat(new Counters(database).runCounts()).isEqualTo(new Counters.RunCounts(0, 1));
      assertThat(queue.await(Duration.ZERO)).as("the queue's bell rang").isFalse();
      assertThat(LeasedRuns.acquire(runs, "another", T0)).isEmpty();
      runs.settle(taken.lease(), List.of(), new End.Succeeded(null, ""), "", T0);
      assertThat(new Counters(database).runCounts()).isEqualTo(new Counters.RunCounts(0, 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_the_worker_intends_for_it_is_on_disk_with_the_same_commit(TestDatabases kind) {
    try (Database database = kind.open()) {
      Runs runs = runs(database);
      desk.intends = true;

      accept(database, 42);

      assertThat(desk.begun.getFirst().facts()).containsExactly(INTENT.fact());
      assertThat(runs.facts(1)).containsExactly(INTENT.fact());
      assertThat(new Logs(database).read(1, 0, 100).text()).isEqualTo(INTENT.lines());
      assertThat(
              database.<String>read(
                  sql ->
                      sql.first(
                              columns -> columns.text("command_host"),
                              "select command_host from run where id = 1")
                          .orElseThrow()))
          .isEqualTo("folder");
      assertThat(desk.abandoned).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_withdrawn_is_free_and_was_surely_not_called(TestDatabases kind) {
    try (Database database = kind.open()) {
      Runs runs = runs(database);
      desk.intends = true;
      accept(database, 42);

      runs.withdraw(desk.begun.getFirst().lease(), Optional.of(INTENT));

      assertThat(LeasedRuns.acquire(runs, "another", T0).orElseThrow().facts())
          .satisfiesExactly(
              fact -> assertThat(fact).isEqualTo(INTENT.fact()),
              fact -> assertThat(fact).isInstanceOf(Fact.Busy.class));
      runs.withdraw(desk.begun.getFirst().lease(), Optional.of(INTENT));
      assertThat(runs.facts(1)).as("another's run").hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_behind_another_in_its_queue_waits(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      Runs runs = runs(database);
      accept(database, 42);
      try (CommitNotifier.Subscription queue =
          database.notifier().subscribe(CommitNotifier.QUEUE)) {
        assertThat(accept(database, 43).ahead()).isEqualTo(1);
        assertThat(queue.await(Duration.ZERO)).as("the queue's bell rang").isTrue();
      }
      assertThat(desk.begun).hasSize(1);
      assertThat(run(database, 2).state()).isEqualTo(StoredRun.State.QUEUED);

      runs.settle(desk.begun.getFirst().lease(), List.of(), new End.Succeeded(null, ""), "", T0);
      desk.open = false;
      assertThat(accept(database, 44).ahead()).isEqualTo(1);
      assertThat(LeasedRuns.acquire(runs, ME, T0).orElseThrow().deployment().id()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void where_no_worker_takes_any_the_run_waits_in_its_queue(TestDatabases kind) {
    try (Database database = kind.open();
        CommitNotifier.Subscription queue = database.notifier().subscribe(CommitNotifier.QUEUE)) {
      Runs runs = runs(database);
      desk.open = false;

      accept(database, 42);

      assertThat(desk.begun).isEmpty();
      assertThat(run(database, 1).state()).isEqualTo(StoredRun.State.QUEUED);
      assertThat(queue.await(Duration.ZERO)).as("the queue's bell rang").isTrue();
      assertThat(LeasedRuns.acquire(runs, ME, T0)).isPresent();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void while_a_commit_is_in_doubt_nothing_is_handed_over(TestDatabases kind) {
    try (Database database = kind.open()) {
      Runs runs = runs(database);
      rename(database, "counter", "away");
      desk.intends = true;
      // Counted last, when the run has been handed out
      assertThatThrownBy(() -> accept(database, 42)).isInstanceOf(StoreException.class);
      assertThat(desk.abandoned).hasSize(1);
      desk.intends = false;
      rename(database, "away", "counter");

      accept(database, 43);
      assertThat(desk.begun).isEmpty();

      LeasedRun taken = LeasedRuns.acquire(runs, ME, T0).orElseThrow();
      assertThat(taken.deployment().deployment().githubId()).isEqualTo(43);
      assertThat(LeasedRuns.acquire(runs, ME, T0)).isEmpty();
      accept(database, 44, "another key");
      assertThat(desk.begun).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void no_two_leases_of_a_process_have_the_same_fence(TestDatabases kind) {
    try (Database database = kind.open()) {
      Runs runs = runs(database);
      accept(database, 1, "one");
      accept(database, 2, "two");
      desk.open = false;
      accept(database, 3, "three");
      accept(database, 4, "four");
      desk.begun.add(LeasedRuns.acquire(runs, ME, T0).orElseThrow());
      desk.begun.add(LeasedRuns.acquire(runs, ME, T0).orElseThrow());

      assertThat(desk.begun)
          .extracting(taken -> taken.lease().fence())
          .hasSize(4)
          .doesNotHaveDuplicates();
    }
  }

  private static void rename(Database database, String table, String name) {
    int _ =
        database.write(
            sql -> {
              sql.execute("alter table " + table + " rename to " + name);
              return 0;
            });
  }

  @Test
  void a_commit_that_is_done_after_its_process_gave_up_gives_the_run_back() throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (Database database = Database.open(url + "&socketTimeout=5", NOBODY)) {
      Runs runs = runs(database);
      desk.intends = true;
      commitLate(url);

      assertThatThrownBy(() -> accept(database, 42)).isInstanceOf(StoreException.class);

      assertThat(desk.begun).isEmpty();
      Optional<LeasedRun> taken = Optional.empty();
      long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
      while (taken.isEmpty() && System.nanoTime() < deadline) {
        taken = take(runs);
      }
      assertThat(taken).isPresent();
      assertThat(taken.get().facts()).last().isInstanceOf(Fact.Busy.class);
      assertThat(desk.begun).isEmpty();
      assertThat(desk.abandoned).hasSize(1);
    }
  }

  /** As a server does that waits for its standby: the run's row is not there before. */
  private static void commitLate(String url) throws SQLException {
    try (Connection other = DriverManager.getConnection(url);
        Statement statement = other.createStatement()) {
      statement.execute(
          """
          create function standby() returns trigger language plpgsql as
            $$ begin perform pg_sleep(8); return null; end $$;
          create constraint trigger standby after insert on run deferrable initially deferred
            for each row execute function standby()
          """);
    }
  }

  private static Optional<LeasedRun> take(Runs runs) {
    try {
      return LeasedRuns.acquire(runs, ME, T0);
    } catch (StoreException notYet) {
      return Optional.empty();
    }
  }

  @Test
  void what_nobody_waits_for_any_more_is_not_handed_out() throws Exception {
    Lease before = new Lease(1, 1, 1, "me", 1);
    Lease after = new Lease(2, 2, 1, "me", 2);
    PendingHandovers handing = new PendingHandovers();
    handing.add(before, "key");

    assertThat(handing.close())
        .containsExactly(new PendingHandovers.Pending(before, "key", Optional.empty()));
    assertThatThrownBy(() -> handing.add(after, "key")).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> handing.intended(INTENT)).isInstanceOf(SQLException.class);
  }
}
