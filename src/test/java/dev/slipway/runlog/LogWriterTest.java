package dev.slipway.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.store.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of the output of a run is kept as it comes. */
class LogWriterTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final int MANY = 140_000;
  private static final byte[] LINE = "x".repeat(63).concat("\n").getBytes(StandardCharsets.UTF_8);
  private static final Deployment DEPLOYMENT =
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
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private static void join(Inbox inbox, long id, int run) {
    int _ =
        inbox.record(
            ledger -> {
              ledger.lockQueue("key").enqueue(new QueueEntry(id, run, DEPLOYMENT), ROUTE, T0);
              return run;
            });
  }

  private static void write(LogWriter log, byte[] bytes) {
    log.output(bytes, 0, bytes.length);
  }

  @Test
  void a_run_after_a_chatty_one_has_a_live_log_of_its_own() throws Exception {
    try (Database database =
        Database.open(TestDatabases.SQLITE.url(), new DatabaseLogin(null, null))) {
      Inbox inbox = new Inbox(database, Duration.ofDays(1));
      long id = inbox.record(ledger -> ledger.addDeployment(DEPLOYMENT, T0));
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      RunLog logs = new RunLog(new Logs(database), new Redactor(List.of()), () -> T0);
      join(inbox, id, 1);
      LeasedRun first = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      try (LogWriter log = logs.writer(first.lease())) {
        for (int i = 0; i < MANY; i++) {
          write(log, LINE);
        }
      }
      runs.settle(first.lease(), List.of(), new End.Failed("no"), "", T0);
      join(inbox, id, 2);
      LeasedRun second = LeasedRuns.acquire(runs, "w", T0).orElseThrow();

      try (LogWriter log = logs.writer(second.lease())) {
        write(log, "hello\n".getBytes(StandardCharsets.UTF_8));
        log.flush();

        long from = logs.length(id) - 100;
        assertThat(logs.read(id, from, 1000).text()).contains("hello");
      }
    }
  }

  @Test
  void lines_that_were_taken_to_be_written_elsewhere_come_first_when_they_are_given_back()
      throws Exception {
    try (Database database =
        Database.open(TestDatabases.SQLITE.url(), new DatabaseLogin(null, null))) {
      Inbox inbox = new Inbox(database, Duration.ofDays(1));
      long id = inbox.record(ledger -> ledger.addDeployment(DEPLOYMENT, T0));
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      RunLog logs = new RunLog(new Logs(database), new Redactor(List.of()), () -> T0);
      join(inbox, id, 1);
      LeasedRun run = LeasedRuns.acquire(runs, "w", T0).orElseThrow();
      try (LogWriter log = logs.writer(run.lease())) {
        log.say("one");
        runs.record(run.lease(), List.of(), List.of(), log.take(), T0);
        assertThat(logs.read(id, 0, 1000).text()).endsWith("▸ one\n");

        log.say("two");
        String two = log.take();
        log.say("three");
        log.giveBack(two);
      }
      assertThat(logs.read(id, 0, 1000).text().lines())
          .extracting(line -> line.substring(line.indexOf('▸')))
          .containsExactly("▸ one", "▸ two", "▸ three");
    }
  }

  @Test
  void a_log_that_was_removed_says_how_long_it_was_kept() {
    assertThat(RunLog.removalNotice(Duration.ofDays(90)))
        .isEqualTo("The log was removed after 90 days");
    assertThat(RunLog.removalNotice(Duration.ofDays(1)))
        .isEqualTo("The log was removed after 1 day");
  }
}
