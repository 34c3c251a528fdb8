package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is old goes, what is needed stays, on both databases. */
class RetentionTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Retention.Periods KEEP =
      new Retention.Periods(Duration.ofDays(90), Duration.ofDays(365), Duration.ofDays(30));
  private static final Route ROUTE =
      new Route(
          "production",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of("shell"),
          null,
          QueuePolicy.LATEST);

  private static Instant day(int day) {
    return T0.plus(Duration.ofDays(day));
  }

  private static Deployment deployment(long githubId) {
    return new Deployment(
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
  }

  private static long accept(Database database, long githubId) {
    Deployment deployment = deployment(githubId);
    return new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, T0);
              ledger.lockQueue("key").enqueue(new QueueEntry(id, 1, deployment), ROUTE, T0);
              ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), T0);
              ledger.addDelivery(
                  new Delivery(
                      "guid-" + id, "deployment", DeliverySource.WEBHOOK, "current", "00", T0),
                  new Decision.Accepted(id, "fits"));
              return id;
            });
  }

  private static void end(Database database) throws LeaseLostException {
    Runs runs = new Runs(database, Duration.ofSeconds(30));
    runs.settle(
        LeasedRuns.acquire(runs, "me", T0).orElseThrow().lease(),
        List.of(),
        new End.Failed("no"),
        "",
        T0);
  }

  private static void post(Database database) {
    Outbox outbox = new Outbox(database, "github.com", Duration.ofMinutes(2), PostLimits.ANY);
    for (var next = outbox.claim(T0); next.isPresent(); next = outbox.claim(T0)) {
      outbox.confirmPosted(next.get(), next.get().id() + 1000, T0);
    }
  }

  private static void sweep(Database database, Instant now) {
    Retention retention = new Retention(database, KEEP, "The log was removed");
    while (retention.removeSome(now)) {
      assertThat(now).isAfter(T0);
    }
  }

  private static boolean isKept(Database database, long id) {
    return new DeploymentQueries(database).find(id).isPresent();
  }

  private static long deliveries(Database database) {
    return count(database, "delivery");
  }

  private static long count(Database database, String table) {
    return database.read(sql -> sql.number("select count(*) from " + table));
  }

  @ParameterizedTest
  @EnumSource
  void deliveries_go_after_their_time(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database, 1);
      sweep(database, day(30));
      assertThat(deliveries(database)).isEqualTo(1);
      sweep(database, day(31));
      assertThat(deliveries(database)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_callback_goes_with_its_deployment(TestDatabases kind) throws LeaseLostException {
    try (Database database = kind.open()) {
      long id = accept(database, 1);
      ReceivedCallbacks callbacks = new ReceivedCallbacks(database);
      assertThat(callbacks.record(id, "attempt", "{}", T0))
          .isEqualTo(ReceivedCallbacks.Recording.RECORDED);
      end(database);
      post(database);
      sweep(database, day(364));
      assertThat(callbacks.find(id, "attempt")).isPresent();

      sweep(database, day(366));

      assertThat(isKept(database, id)).isFalse();
      assertThat(callbacks.find(id, "attempt")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_is_counted_stays_counted_when_its_rows_go(TestDatabases kind)
      throws LeaseLostException {
    try (Database database = kind.open()) {
      Counters tally = new Counters(database);
      accept(database, 1);
      assertThat(tally.runCounts()).isEqualTo(new Counters.RunCounts(1, 0));
      Runs runs = new Runs(database, Duration.ofNanos(1));
      assertThat(LeasedRuns.acquire(runs, "gone", T0)).isPresent();
      assertThat(tally.runCounts()).isEqualTo(new Counters.RunCounts(0, 1));
      end(database);
      accept(database, 2);
      end(database);
      post(database);
      List<Counters.Count> before = tally.counts();
      assertThat(before)
          .containsExactly(
              new Counters.Count(CounterKind.DELIVERY, "webhook", "accepted", 2),
              new Counters.Count(CounterKind.END, "", "failed", 2),
              new Counters.Count(CounterKind.RETAKEN, "", "", 1));

      sweep(database, day(400));

      assertThat(deliveries(database)).isZero();
      assertThat(isKept(database, 1)).isFalse();
      assertThat(tally.counts()).isEqualTo(before);
      accept(database, 3);
      assertThat(tally.counts())
          .contains(new Counters.Count(CounterKind.DELIVERY, "webhook", "accepted", 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_log_that_was_removed_says_so_and_goes_on_with_a_new_run(TestDatabases kind)
      throws LeaseLostException {
    try (Database database = kind.open()) {
      Logs logs = new Logs(database);
      long id = accept(database, 1);
      for (int chunk = 0; chunk < 450; chunk++) {
        WrittenLog.append(database, id, "line " + chunk + "\n");
      }
      sweep(database, day(91));
      assertThat(logs.read(id, 0, 100).text()).startsWith("line 0\n");
      end(database);
      sweep(database, day(90));
      assertThat(logs.read(id, 0, 100).text()).startsWith("line 0\n");

      sweep(database, day(91));
      String note = "2027-02-20T10:00:00.000Z ▸ The log was removed\n";
      assertThat(logs.read(id, 0, 100_000).text()).isEqualTo(note);

      new Inbox(database, Duration.ofDays(90))
          .record(
              ledger ->
                  ledger
                      .lockQueue("key")
                      .enqueue(new QueueEntry(id, 2, deployment(1)), ROUTE, day(92)));
      WrittenLog.append(database, id, "again\n");
      sweep(database, day(400));
      assertThat(logs.read(id, 0, 100_000).text()).isEqualTo(note + "again\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void deployments_go_but_never_one_that_is_still_needed(TestDatabases kind)
      throws LeaseLostException {
    try (Database database = kind.open()) {
      long ended = accept(database, 1);
      end(database);
      long waits = accept(database, 2);
      sweep(database, day(365));
      assertThat(isKept(database, ended)).as("not old enough").isTrue();

      sweep(database, day(366));

      assertThat(isKept(database, ended))
          .as("a status that nobody took holds nothing up")
          .isFalse();
      assertThat(isKept(database, waits)).as("has not ended").isTrue();
      end(database);
      sweep(database, day(366));
      assertThat(isKept(database, waits)).as("also the newest of its environment").isFalse();
      assertThat(count(database, "deployment")).isZero();
      assertThat(count(database, "queue")).isZero();
      assertThat(count(database, "reconcile_repository")).isZero();
      Boolean isKnown =
          new Inbox(database, Duration.ofDays(90))
              .record(
                  ledger ->
                      ledger.newerThan(deployment(1)).isPresent()
                          && ledger.isRemoved(deployment(2))
                          && !ledger.isRemoved(deployment(3)));
      assertThat(isKnown).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void many_that_must_stay_hide_none_that_may_go(TestDatabases kind) {
    try (Database database = kind.open()) {
      for (int waiting = 1; waiting <= 25; waiting++) {
        accept(database, waiting);
      }
      Runs runs = new Runs(database, Duration.ofSeconds(30));
      int ended =
          database.write(
              sql ->
                  sql.update(
                      "update run set state = 'ended', ended_at = ?, end_kind = 'failed',"
                          + " end_reason = '' where id > 20",
                      T0));
      assertThat(ended).isEqualTo(5);

      sweep(database, day(400));

      assertThat(count(database, "deployment")).isEqualTo(20);
      assertThat(LeasedRuns.acquire(runs, "me", T0)).isPresent();
    }
  }

  @Test
  void an_sqlite_file_does_not_grow_with_what_comes_and_goes() throws Exception {
    String url = TestDatabases.SQLITE.url();
    String text = "x".repeat(64 * 1024);
    try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
      long full = 0;
      for (int round = 0; round < 4; round++) {
        long id = accept(database, round + 1);
        for (int chunk = 0; chunk < 200; chunk++) {
          WrittenLog.append(database, id, text);
        }
        end(database);
        post(database);
        full = Math.max(full, Files.size(TestDatabases.file(url)));
        sweep(database, day(400));
      }
      assertThat(full).isGreaterThan(8L * 1024 * 1024).isLessThan(32L * 1024 * 1024);
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        statement.execute("pragma wal_checkpoint(truncate)");
      }
      assertThat(Files.size(TestDatabases.file(url))).isLessThan(4L * 1024 * 1024);
    }
  }
}
