package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.CommandHost;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.QueuePosition;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.model.StopReason;
import dev.slipway.model.Verdict;
import java.net.URI;
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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store's promises, on both databases. */
class StoreTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00.123Z");
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Route ROUTE =
      new Route(
          "production",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of("render-hook", "shell"),
          null,
          QueuePolicy.LATEST);

  private static Deployment deployment(long githubId) {
    return new Deployment(
        new Repository("github.com", 7, "octo/hello", 11),
        githubId,
        "a".repeat(40),
        "main",
        new Environment("production", false, true),
        "deploy",
        "{\"a\":\"ü🚀\"}",
        "first",
        "mia",
        T0);
  }

  private static long accept(Database database, Deployment deployment) {
    return accept(database, deployment, "key");
  }

  private static long accept(Database database, Deployment deployment, String key) {
    return new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              RunQueue _ = ledger.lockQueue(key);
              long id = ledger.addDeployment(deployment, T0);
              ledger.lockQueue(key).enqueue(new QueueEntry(id, 1, deployment), ROUTE, T0);
              ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), T0);
              ledger.addDelivery(
                  new Delivery(
                      "guid-" + id, "deployment", DeliverySource.WEBHOOK, "current", "00", T0),
                  new Decision.Accepted(id, "fits"));
              return id;
            });
  }

  @ParameterizedTest
  @EnumSource
  void what_was_accepted_is_there_with_every_field(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = accept(database, deployment(42));

      DeploymentQueries.DeploymentDetails dossier =
          new DeploymentQueries(database).find(id).orElseThrow();

      assertThat(dossier.deployment())
          .isEqualTo(new StoredDeployment(id, deployment(42), T0, 0, T0.plus(Duration.ofDays(90))));
      assertThat(dossier.run().state()).isEqualTo(StoredRun.State.QUEUED);
      assertThat(dossier.run().chain()).containsExactly("render-hook", "shell");
      assertThat(dossier.statuses())
          .extracting(DeploymentQueries.StatusReport::status)
          .containsExactly(new Status(GithubState.IN_PROGRESS, "Starting"));
      assertThat(dossier.waitingForGithub()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_of_a_failed_transaction_is_kept(TestDatabases kind) {
    try (Database database = kind.open()) {
      Inbox inbox = new Inbox(database, Duration.ofDays(1));
      assertThatThrownBy(
              () ->
                  inbox.record(
                      ledger -> {
                        ledger.addDeployment(deployment(42), T0);
                        throw new IllegalStateException("power cut");
                      }))
          .hasMessage("power cut");

      assertThat(inbox.<Optional<?>>record(ledger -> ledger.findDeployment(deployment(42))))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_same_deployment_cannot_be_kept_twice(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database, deployment(42));
      assertThatThrownBy(() -> accept(database, deployment(42))).isInstanceOf(StoreException.class);
      assertThat(new Outbox(database, "github.com", LEASE, PostLimits.ANY).backlog().waiting())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_queue_gives_out_one_run_at_a_time_in_order(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, LEASE);
      long first = accept(database, deployment(1));
      long second = accept(database, deployment(2));
      long other = accept(database, deployment(3), "another key");

      LeasedRun one = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      LeasedRun two = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      assertThat(one.deployment().id()).isEqualTo(first);
      assertThat(two.deployment().id()).isEqualTo(other);
      assertThat(LeasedRuns.acquire(runs, "w", T0)).isEmpty();

      runs.settle(one.lease(), List.of(), new End.Failed("no"), "", T0);
      assertThat(LeasedRuns.acquire(runs, "w", T0).orElseThrow().deployment().id())
          .isEqualTo(second);
      assertThat(LeasedRuns.acquire(runs, "w", T0)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void many_workers_at_once_never_share_a_queue(TestDatabases kind) throws Exception {
    try (Database database = kind.open();
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      Runs runs = new Runs(database, LEASE);
      for (int i = 1; i <= 40; i++) {
        accept(database, deployment(i), "key " + i % 4);
      }
      List<Callable<List<Long>>> tasks = new ArrayList<>();
      for (int w = 0; w < 8; w++) {
        String owner = "w" + w;
        tasks.add(
            () -> {
              List<Long> done = new ArrayList<>();
              for (int idle = 0; idle < 50; ) {
                Optional<LeasedRun> taken = LeasedRuns.acquire(runs, owner, T0);
                if (taken.isPresent()) {
                  done.add(taken.get().run().id());
                  runs.settle(taken.get().lease(), List.of(), new End.Failed("x"), "", T0);
                  idle = 0;
                } else {
                  idle++;
                }
              }
              return done;
            });
      }
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> future : workers.invokeAll(tasks)) {
        all.addAll(future.get());
      }
      assertThat(all).doesNotHaveDuplicates().hasSize(40);
    }
  }

  @Test
  void a_silent_worker_loses_its_run_and_can_write_nothing_more() throws Exception {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      AtomicLong clock = new AtomicLong(1_000_000);
      Runs runs = new Runs(database, LEASE, _ -> clock.get());
      accept(database, deployment(1));
      LeasedRun slow = LeasedRuns.acquire(runs, "slow", T0).orElseThrow();
      runs.record(
          slow.lease(),
          List.of(new Fact.Intended(T0, "render-hook", null, "", Duration.ZERO)),
          List.of(),
          "",
          T0);

      clock.addAndGet(LEASE.toMillis() - 1);
      assertThat(LeasedRuns.acquire(runs, "fast", T0)).isEmpty();
      clock.addAndGet(1);
      LeasedRun fast = LeasedRuns.acquire(runs, "fast", T0).orElseThrow();

      assertThat(fast.facts())
          .containsExactly(new Fact.Intended(T0, "render-hook", null, "", Duration.ZERO));
      assertThatThrownBy(() -> runs.renew(slow.lease())).isInstanceOf(LeaseLostException.class);
      assertThatThrownBy(
              () ->
                  runs.record(slow.lease(), List.of(new Fact.Replaced(T0, "x")), List.of(), "", T0))
          .isInstanceOf(LeaseLostException.class);
      assertThatThrownBy(() -> runs.settle(slow.lease(), List.of(), new End.Failed("x"), "", T0))
          .isInstanceOf(LeaseLostException.class);
      assertThat(runs.facts(fast.run().id())).hasSize(1);

      Logs logs = new Logs(database);
      logs.append(fast.lease(), "mine\n");
      assertThatThrownBy(() -> logs.append(slow.lease(), "late\n"))
          .isInstanceOf(LeaseLostException.class);
      assertThat(logs.read(fast.deployment().id(), 0, 100).text()).isEqualTo("mine\n");
    }
  }

  @Test
  void a_renewed_lease_keeps_the_run() throws Exception {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      AtomicLong clock = new AtomicLong(1_000_000);
      Runs runs = new Runs(database, LEASE, _ -> clock.get());
      accept(database, deployment(1));
      LeasedRun taken = LeasedRuns.acquire(runs, "w", T0).orElseThrow();

      clock.addAndGet(20_000);
      runs.renew(taken.lease());

      clock.addAndGet(20_000);
      assertThat(LeasedRuns.acquire(runs, "other", T0)).isEmpty();
      clock.addAndGet(10_000);
      assertThat(LeasedRuns.acquire(runs, "other", T0)).isPresent();
    }
  }

  @Test
  void one_statement_renews_all_that_a_worker_has_and_tells_what_it_lost() {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      AtomicLong clock = new AtomicLong(1_000_000);
      Runs runs = new Runs(database, LEASE, _ -> clock.get());
      accept(database, deployment(1), "one");
      accept(database, deployment(2), "two");
      accept(database, deployment(3), "three");
      LeasedRun kept = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      LeasedRun stuck = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      LeasedRun lost = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      runs.release(lost.lease());
      assertThat(LeasedRuns.acquire(runs, "other", T0)).isPresent();

      clock.addAndGet(20_000);
      assertThat(
              runs.renewAll(
                  "w",
                  List.of(kept.lease(), stuck.lease(), lost.lease()),
                  List.of(stuck.run().id())))
          .containsExactly(lost.lease());

      clock.addAndGet(20_000);
      assertThat(LeasedRuns.acquire(runs, "third", T0))
          .get()
          .extracting(LeasedRun::run)
          .extracting(StoredRun::id)
          .isEqualTo(stuck.run().id());
      assertThat(LeasedRuns.acquire(runs, "third", T0))
          .get()
          .extracting(LeasedRun::run)
          .extracting(StoredRun::id)
          .isEqualTo(lost.run().id());
      assertThat(LeasedRuns.acquire(runs, "third", T0)).isEmpty();
    }
  }

  @Test
  void a_database_of_ours_alone_takes_no_run_from_us_however_long_it_stood_still() {
    try (Database database = TestDatabases.SQLITE.open()) {
      Runs runs = new Runs(database, Duration.ofMillis(1));
      accept(database, deployment(1));
      LeasedRun taken = LeasedRuns.acquire(runs, "w", T0).orElseThrow();

      assertThat(runs.renewAll("w", List.of(taken.lease()), List.of(1L))).isEmpty();
      assertThat(LeasedRuns.acquire(runs, "other", T0)).isEmpty();
      runs.releaseAll("w", List.of());
      assertThat(LeasedRuns.acquire(runs, "other", T0)).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_cannot_be_followed_is_counted_until_it_can(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, LEASE);
      DeploymentQueries deployments = new DeploymentQueries(database);
      accept(database, deployment(1));
      Lease lease = LeasedRuns.acquire(runs, "w", T0).orElseThrow().lease();

      runs.record(lease, List.of(new Fact.Detached(T0, "a", "gone")), List.of(), "", T0);
      assertThat(deployments.detached()).isEqualTo(1);
      runs.record(lease, List.of(new Fact.Seen(T0, "a", "building", T0)), List.of(), "", T0);
      assertThat(deployments.detached()).isZero();

      runs.record(lease, List.of(new Fact.Detached(T0, "a", "gone")), List.of(), "", T0);
      runs.settle(lease, List.of(), new End.Errored("not followed"), "", T0);
      assertThat(deployments.detached()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whose_a_deploy_at_a_provider_is_is_known_by_its_id(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, LEASE);
      long id = accept(database, deployment(1));
      LeasedRun taken = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      List<Fact> facts =
          List.of(
              new Fact.LookedUp(T0, "a", new LookupResult.Found("dep-seen", "f"), T0),
              new Fact.Judged(T0, "a", new Verdict.Accepted("dep-ours", "ok")));

      runs.record(taken.lease(), facts, List.of(), "", T0);

      assertThat(runs.isAcceptedByAnother(id, 2, "dep-ours")).as("a retry").isTrue();
      assertThat(runs.isAcceptedByAnother(id + 1, 1, "dep-ours")).isTrue();
      assertThat(runs.isAcceptedByAnother(id, 1, "dep-ours")).as("itself").isFalse();
      assertThat(runs.isAcceptedByAnother(id + 1, 1, "dep-seen")).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_of_fact_comes_back_as_it_was(TestDatabases kind) throws Exception {
    Instant later = T0.plusSeconds(5);
    Duration wait = Duration.ofSeconds(5);
    List<Fact> facts =
        List.of(
            new Fact.Intended(T0, "a", null, "", Duration.ZERO),
            new Fact.Intended(T0, "a", new CommandHost("1f", "web-1", null), "", Duration.ZERO),
            new Fact.Intended(
                T0, "a", new CommandHost("1f", "web-1", "boot"), "a@b:22", Duration.ofHours(1)),
            new Fact.Intended(T0, "a", null, "Render service srv-1", Duration.ofHours(1)),
            new Fact.Detached(T0, "a", "the configuration says b"),
            new Fact.HostAway(T0, "a", "web-1"),
            new Fact.Held(T0, "Locked by ann"),
            new Fact.Busy(T0, "a", "429", later),
            new Fact.Judged(T0, "a", new Verdict.Skipped("s")),
            new Fact.Judged(T0, "a", new Verdict.Refused("r")),
            new Fact.Judged(T0, "a", new Verdict.Unknown("u")),
            new Fact.Judged(T0, "a", new Verdict.Unknown("u", true)),
            new Fact.Judged(T0, "a", new Verdict.Accepted("id", "ok")),
            new Fact.LookedUp(T0, "a", new LookupResult.Found("id", "f"), T0),
            new Fact.LookedUp(T0, "a", new LookupResult.NotThere("n", wait), later),
            new Fact.LookedUp(T0, "a", new LookupResult.Unreachable("u", wait), later),
            new Fact.LookedUp(T0, "a", new LookupResult.CannotKnow("c"), T0),
            new Fact.Seen(T0, "a", "building", later),
            new Fact.Unseen(T0, "a", "500", later),
            new Fact.StopSent(T0, "a", StopReason.NO_PROGRESS, "outcome"),
            new Fact.StopSent(T0, "a", StopReason.CANCELLED, "not stopped: 500", later),
            new Fact.Ended(T0, "a", new End.Succeeded(URI.create("https://x.example/"), "live")),
            new Fact.Ended(T0, "a", new End.Succeeded(null, "live")),
            new Fact.Ended(T0, "a", new End.Failed("f")),
            new Fact.Ended(T0, "a", new End.Errored("e")),
            new Fact.Ended(T0, "a", new End.Cancelled("c")),
            new Fact.Ended(T0, "a", new End.Superseded("s")),
            new Fact.Checked(T0, "a", new LiveCheckResult.Passed("200"), T0),
            new Fact.Checked(
                T0,
                "a",
                new LiveCheckResult.NotYet("503", Duration.ofSeconds(5)),
                T0.plusSeconds(5)),
            new Fact.Replaced(T0, "deployment 43"),
            new Fact.CancelRequested(T0, "ann", "wrong commit"));
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, LEASE);
      accept(database, deployment(1));
      LeasedRun taken = LeasedRuns.acquire(runs, "w", T0).orElseThrow();

      runs.record(taken.lease(), facts, List.of(), "", T0);

      assertThat(runs.facts(taken.run().id())).isEqualTo(facts);
    }
  }

  @ParameterizedTest
  @EnumSource
  void several_queues_are_taken_at_once_but_never_more_than_asked_for(TestDatabases kind)
      throws Exception {
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, LEASE);
      for (int i = 1; i <= 7; i++) {
        accept(database, deployment(i), "key " + i % 5);
      }
      LeaseOwner taker = new LeaseOwner("w", null);

      assertThat(runs.acquire(taker, T0, 3)).hasSize(3);
      List<LeasedRun> rest = runs.acquire(taker, T0, 100);
      assertThat(rest).hasSize(2);
      assertThat(runs.acquire(taker, T0, 100)).isEmpty();

      runs.settle(rest.getFirst().lease(), List.of(), new End.Failed("no"), "", T0);
      assertThat(new Counters(database).runCounts()).isEqualTo(new Counters.RunCounts(2, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_process_never_takes_its_own_run_however_long_it_was_stalled(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database, deployment(1));
      assertThat(LeasedRuns.acquire(new Runs(database, Duration.ZERO), "w", T0)).isPresent();

      assertThat(LeasedRuns.acquire(new Runs(database, LEASE), "w", T0)).isEmpty();
    }
  }

  @Test
  void a_process_that_stands_idle_opens_no_write_transaction() throws Exception {
    String url = TestDatabases.SQLITE.url();
    try (Database database = Database.open(url, new DatabaseLogin(null, null));
        Connection writer = DriverManager.getConnection(url);
        Statement statement = writer.createStatement()) {
      Runs runs = new Runs(database, LEASE);
      Retention retention =
          new Retention(
              database,
              new Retention.Periods(Duration.ofDays(9), Duration.ofDays(9), Duration.ofDays(9)),
              "removed");
      accept(database, deployment(1));
      assertThat(LeasedRuns.acquire(runs, "w", T0)).isPresent();
      statement.execute("begin immediate");

      assertThat(LeasedRuns.acquire(runs, "w", T0)).isEmpty();
      assertThat(runs.stopRequests("w")).isEmpty();
      assertThat(new ReconcileState(database).watched("github.com", List.of("octo/HELLO"), T0))
          .hasSize(1);
      assertThat(retention.removeSome(T0)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_that_cannot_be_read_keeps_its_queue_and_nobody_elses(TestDatabases kind)
      throws Exception {
    try (Database database = kind.open()) {
      AtomicLong clock = new AtomicLong(1_000_000);
      Runs runs = new Runs(database, LEASE, _ -> clock.get());
      long poisoned = accept(database, deployment(1), "key 1");
      LeasedRun newer = LeasedRuns.acquire(runs, "newer version", T0).orElseThrow();
      runs.record(newer.lease(), List.of(new Fact.Replaced(T0, "deployment 2")), List.of(), "", T0);
      int changed = database.write(sql -> sql.update("update fact set kind = 'of the future'"));
      assertThat(changed).isEqualTo(1);
      accept(database, deployment(2), "key 1");
      long other = accept(database, deployment(3), "key 2");
      clock.addAndGet(LEASE.toMillis());

      LeaseOwner older = new LeaseOwner("older version", null);
      assertThat(runs.acquire(older, T0, 10))
          .extracting(taken -> taken.deployment().id())
          .containsExactly(other);
      assertThat(runs.acquire(older, T0, 10)).isEmpty();
      assertThat(new DeploymentQueries(database).find(poisoned).orElseThrow().facts()).isEmpty();

      changed = database.write(sql -> sql.update("update fact set kind = 'replaced'"));
      assertThat(changed).isEqualTo(1);
      clock.addAndGet(Duration.ofMinutes(5).toMillis());
      assertThat(runs.acquire(new LeaseOwner("newer again", null), T0, 10))
          .extracting(taken -> taken.deployment().id())
          .contains(poisoned);
    }
  }

  @ParameterizedTest
  @EnumSource
  void no_text_is_refused_whatever_a_target_told(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, LEASE);
      accept(database, deployment(1));
      LeasedRun taken = LeasedRuns.acquire(runs, "w", T0).orElseThrow();

      runs.record(
          taken.lease(),
          List.of(new Fact.HostAway(T0, "a", "NUL \0 half \ud83d pair 🚀")),
          List.of(),
          "",
          T0);

      assertThat(runs.facts(taken.run().id()))
          .containsExactly(new Fact.HostAway(T0, "a", "NUL \ufffd half \ufffd pair 🚀"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_is_live_is_what_succeeded_last_as_a_whole(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      Runs runs = new Runs(database, LEASE);
      DeploymentQueries deployments = new DeploymentQueries(database);
      assertThat(deployments.liveCommit(deployment(9))).isEmpty();
      succeed(database, runs, 1, "a", "deploy");
      assertThat(deployments.liveCommit(deployment(9))).contains("a".repeat(40));
      succeed(database, runs, 2, "b", "deploy:migrations");
      assertThat(deployments.liveCommit(deployment(9))).contains("a".repeat(40));
      succeed(database, runs, 3, "c", "ship it");
      assertThat(deployments.liveCommit(deployment(9))).contains("c".repeat(40));
      succeed(database, runs, 4, "d", "deploy:rollback");
      assertThat(deployments.liveCommit(deployment(9))).contains("d".repeat(40));
    }
  }

  private static void succeed(Database database, Runs runs, long id, String digit, String task)
      throws Exception {
    Deployment like = deployment(id);
    accept(
        database,
        new Deployment(
            like.repository(),
            like.githubId(),
            digit.repeat(40),
            like.ref(),
            like.environment(),
            task,
            like.payload(),
            like.description(),
            like.creator(),
            like.createdAt()));
    runs.settle(
        LeasedRuns.acquire(runs, "w", T0).orElseThrow().lease(),
        List.of(),
        new End.Succeeded(null, ""),
        "",
        T0);
  }

  @ParameterizedTest
  @EnumSource
  void statuses_leave_in_order_and_the_next_only_after_the_one_before(TestDatabases kind)
      throws Exception {
    try (Database database = kind.open()) {
      Outbox outbox = new Outbox(database, "github.com", LEASE, PostLimits.ANY);
      Runs runs = new Runs(database, LEASE);
      accept(database, deployment(1));
      LeasedRun taken = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      runs.settle(
          taken.lease(),
          List.of(),
          new End.Succeeded(URI.create("https://x.example/"), "live"),
          "",
          T0);

      ClaimedStatus first = outbox.claim(T0).orElseThrow();
      assertThat(first.status().state()).isEqualTo(GithubState.IN_PROGRESS);
      assertThat(first.inDoubt()).isFalse();
      assertThat(outbox.claim(T0)).isEmpty();

      outbox.postpone(first, T0.plusSeconds(60), true, "timeout", T0);
      assertThat(outbox.claim(T0.plusSeconds(59))).isEmpty();
      assertThat(outbox.nextDue(T0)).contains(T0.plusSeconds(60));

      ClaimedStatus again = outbox.claim(T0.plusSeconds(60)).orElseThrow();
      assertThat(again.id()).isEqualTo(first.id());
      assertThat(again.inDoubt()).isTrue();
      assertThat(again.earlierClaims()).isEqualTo(1);
      outbox.confirmPosted(again, 777, T0);

      ClaimedStatus last = outbox.claim(T0).orElseThrow();
      assertThat(last.status())
          .isEqualTo(new Status(GithubState.SUCCESS, "live", URI.create("https://x.example/")));
      assertThat(last.githubIds()).containsExactly(777L);
      outbox.giveUp(last, T0, "deleted");
      assertThat(outbox.backlog().waiting()).isZero();
      assertThat(outbox.nextDue(T0)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_status_whose_poster_died_is_handed_out_again_with_a_doubt(TestDatabases kind) {
    try (Database database = kind.open()) {
      Outbox outbox =
          new Outbox(database, "github.com", LEASE, PostLimits.ANY, (_, now) -> now.toEpochMilli());
      accept(database, deployment(1));
      ClaimedStatus lost = outbox.claim(T0).orElseThrow();

      assertThat(outbox.claim(T0.plus(LEASE).minusMillis(1))).isEmpty();
      assertThat(outbox.claim(T0.plus(LEASE)))
          .hasValueSatisfying(
              again -> {
                assertThat(again.id()).isEqualTo(lost.id());
                assertThat(again.inDoubt()).isTrue();
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_log_is_read_from_any_byte(TestDatabases kind) {
    try (Database database = kind.open()) {
      Logs logs = new Logs(database);
      long id = accept(database, deployment(1));
      assertThat(WrittenLog.append(database, id, "grüße\n")).isEqualTo(8);
      assertThat(WrittenLog.append(database, id, "🚀 up\n")).isEqualTo(16);

      assertThat(logs.length(id)).isEqualTo(16);
      assertThat(logs.read(id, 0, 1000)).isEqualTo(new Logs.Piece(0, "grüße\n🚀 up\n", 16));
      assertThat(logs.read(id, 8, 1000)).isEqualTo(new Logs.Piece(8, "🚀 up\n", 16));
      assertThat(logs.read(id, 12, 1000)).isEqualTo(new Logs.Piece(12, " up\n", 16));
      assertThat(logs.read(id, 16, 1000)).isEqualTo(new Logs.Piece(16, "", 16));
      assertThat(logs.read(id, 0, 1)).isEqualTo(new Logs.Piece(0, "grüße\n", 8));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_position_in_the_queue_says_who_is_ahead(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database, deployment(1));
      QueuePosition place =
          new Inbox(database, Duration.ofDays(1))
              .record(
                  ledger ->
                      ledger
                          .lockQueue("key")
                          .enqueue(
                              new QueueEntry(
                                  ledger.addDeployment(deployment(2), T0), 1, deployment(2)),
                              ROUTE,
                              T0));
      assertThat(place).isEqualTo(new QueuePosition(1, "deployment 1"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_setting_is_made_once(TestDatabases kind) {
    String url = kind.url();
    try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
      assertThat(new StoredValues(database).getOrCreate("k", () -> "one")).isEqualTo("one");
    }
    try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
      assertThat(new StoredValues(database).getOrCreate("k", () -> "two")).isEqualTo("one");
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_end_that_is_told_twice_leaves_no_empty_line(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      accept(database, deployment(42));
      Runs runs = new Runs(database, LEASE);
      Lease lease = LeasedRuns.acquire(runs, "w", T0).orElseThrow().lease();
      runs.settle(lease, List.of(), new End.Failed("no"), "", T0);

      assertThatThrownBy(() -> runs.settle(lease, List.of(), new End.Failed("no"), "", T0))
          .isInstanceOf(LeaseLostException.class);

      assertThat(database.<Long>read(sql -> sql.number("select count(*) from queue"))).isZero();
    }
  }
}
