package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Verdict;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What several processes on one PostgreSQL need of the store. */
class ReplicasTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00.123Z");
  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);
  private static final Route ROUTE =
      new Route(
          "production",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of("shell"),
          null,
          QueuePolicy.LATEST);

  private static void accept(Database database, long githubId) {
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
    new Inbox(database, Duration.ofDays(1))
        .<QueuePosition>record(
            ledger -> {
              RunQueue _ = ledger.lockQueue("key");
              return ledger
                  .lockQueue("key")
                  .enqueue(
                      new QueueEntry(ledger.addDeployment(deployment, T0), 1, deployment),
                      ROUTE,
                      T0);
            });
  }

  @Test
  void four_that_start_at_once_on_an_empty_database_agree_about_schema_and_secret()
      throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (ExecutorService replicas = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> starts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String mine = "secret " + i;
        starts.add(
            () -> {
              try (Database database = Database.open(url, NOBODY)) {
                return new StoredValues(database).getOrCreate("secret", () -> mine);
              }
            });
      }
      List<String> kept = new ArrayList<>();
      for (Future<String> start : replicas.invokeAll(starts)) {
        kept.add(start.get());
      }
      assertThat(kept).hasSize(4).containsOnly(kept.getFirst());
    }
  }

  @Test
  void a_queue_that_another_takes_in_the_same_moment_is_nothing_to_take() throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (Database database = Database.open(url, NOBODY);
        Connection other = DriverManager.getConnection(url);
        ExecutorService worker = Executors.newVirtualThreadPerTaskExecutor()) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      accept(database, 1);
      accept(database, 2);
      other.setAutoCommit(false);
      // Not yet committed, so the first of the queue still looks free
      assertThat(
              new Sql(other, Dialect.POSTGRESQL)
                  .number("select head_run_id from queue where queue_key = 'key' for update"))
          .isEqualTo(1);

      Future<Optional<LeasedRun>> taken = worker.submit(() -> LeasedRuns.acquire(runs, "w", T0));

      assertThat(taken.get()).isEmpty();
      other.rollback();
      assertThat(LeasedRuns.acquire(runs, "w", T0)).isPresent();
    }
  }

  @Test
  void a_replica_whose_clock_is_an_hour_off_neither_steals_nor_loses_a_run() throws Exception {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      accept(database, 1);
      LeasedRun taken = LeasedRuns.acquire(runs, "on time", T0).orElseThrow();

      assertThat(LeasedRuns.acquire(runs, "an hour ahead", Instant.now().plus(Duration.ofHours(1))))
          .isEmpty();
      runs.record(
          taken.lease(), List.of(), List.of(), "", Instant.now().minus(Duration.ofHours(1)));
      assertThat(LeasedRuns.acquire(runs, "on time too", Instant.now())).isEmpty();
    }
  }

  @Test
  void a_run_whose_lease_is_over_by_the_databases_clock_is_taken_over() {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      accept(database, 1);
      assertThat(LeasedRuns.acquire(new Runs(database, Duration.ZERO), "dead", T0)).isPresent();

      assertThat(LeasedRuns.acquire(new Runs(database, Duration.ofSeconds(20)), "next", T0))
          .isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void who_waits_for_a_command_elsewhere_gives_it_to_the_host_that_comes_back(TestDatabases kind)
      throws Exception {
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      accept(database, 1);
      LeaseOwner web1 = new LeaseOwner("one", "place of web-1");
      LeaseOwner web2 = new LeaseOwner("two", "place of web-2");
      CommandHost place = new CommandHost("place of web-1", "web-1", "boot");
      LeasedRun before =
          LeasedRuns.acquire(new Runs(database, Duration.ZERO), web1, T0).orElseThrow();
      new Runs(database, Duration.ZERO)
          .record(
              before.lease(),
              List.of(new Fact.Intended(T0, "shell", place, "", Duration.ZERO)),
              List.of(),
              "",
              T0);

      LeasedRun waiting = LeasedRuns.acquire(runs, web2, T0).orElseThrow();
      Fact away = new Fact.HostAway(T0, "shell", "web-1");
      runs.record(waiting.lease(), List.of(away), List.of(), "", T0);
      assertThat(LeasedRuns.acquire(runs, new LeaseOwner("three", "place of web-3"), T0)).isEmpty();
      assertThat(LeasedRuns.acquire(runs, new LeaseOwner("four", null), T0)).isEmpty();

      LeasedRun back = LeasedRuns.acquire(runs, web1, T0).orElseThrow();
      assertThat(back.facts())
          .containsExactly(new Fact.Intended(T0, "shell", place, "", Duration.ZERO), away);
      assertThatThrownBy(() -> runs.renew(waiting.lease())).isInstanceOf(LeaseLostException.class);
      assertThat(LeasedRuns.acquire(runs, web2, T0)).isEmpty();
      assertThat(LeasedRuns.acquire(runs, web1, T0)).isEmpty();
    }
  }

  @Test
  void a_run_whose_command_surely_did_not_start_stays_with_who_has_it() throws Exception {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      LeaseOwner web1 = new LeaseOwner("one", "place of web-1");
      long id = 0;
      for (Fact nothing :
          List.of(
              new Fact.Judged(T0, "shell", new Verdict.Refused("no directory")),
              new Fact.Judged(T0, "shell", new Verdict.Skipped("not set")),
              new Fact.Busy(T0, "shell", "no processes left", T0),
              new Fact.Intended(T0, "render-api", null, "", Duration.ZERO))) {
        accept(database, ++id);
        LeasedRun taken = LeasedRuns.acquire(runs, web1, T0).orElseThrow();
        CommandHost place = new CommandHost("place of web-1", "web-1", "boot");
        runs.record(
            taken.lease(),
            List.of(new Fact.Intended(T0, "shell", place, "", Duration.ZERO), nothing),
            List.of(),
            "",
            T0);
        runs.release(taken.lease());
        LeasedRun next =
            LeasedRuns.acquire(runs, new LeaseOwner("two", "place of web-2"), T0).orElseThrow();

        assertThat(LeasedRuns.acquire(runs, web1, T0)).as(nothing.toString()).isEmpty();
        runs.settle(next.lease(), List.of(), new End.Failed("no"), "", T0);
      }
    }
  }

  @Test
  void postgresql_ends_who_keeps_still_in_the_middle_of_a_transaction() {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      String limit =
          database.write(
              sql ->
                  sql.first(
                          columns -> columns.text("idle_in_transaction_session_timeout"),
                          "show idle_in_transaction_session_timeout")
                      .orElseThrow());
      assertThat(limit).isEqualTo("10s");
    }
  }

  /** Commits as a server does that waits for its standby: late, when the client has given up. */
  private static void delayFirstTake(String url) throws Exception {
    try (Connection other = DriverManager.getConnection(url);
        Statement statement = other.createStatement()) {
      statement.execute(
          """
          create function standby() returns trigger language plpgsql as
            $$ begin perform pg_sleep(8); return null; end $$;
          create constraint trigger standby after update on run deferrable initially deferred
            for each row when (old.state = 'queued' and new.state = 'running')
            execute function standby()
          """);
    }
  }

  @Test
  void a_take_that_is_committed_after_its_process_gave_up_is_given_back_all_the_same()
      throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (Database database = Database.open(url + "&socketTimeout=5", NOBODY)) {
      accept(database, 1);
      delayFirstTake(url);
      Runs runs = new Runs(database, Duration.ofSeconds(20));

      assertThatThrownBy(() -> LeasedRuns.acquire(runs, "w", T0))
          .isInstanceOf(StoreException.class);

      long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
      boolean taken = false;
      while (!taken && System.nanoTime() < deadline) {
        taken = takes(runs);
      }
      assertThat(taken).isTrue();
    }
  }

  private static boolean takes(Runs runs) {
    try {
      return LeasedRuns.acquire(runs, "w", T0).isPresent();
    } catch (StoreException notYet) {
      return false;
    }
  }
}
