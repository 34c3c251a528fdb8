package dev.slipway.runlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProviderLine;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.store.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider's own log in the log of a run: each line once, and none left out. */
class ProviderLogWriterTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
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
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("api"), null, QueuePolicy.LATEST);

  /** A run in a database, and the log of it. */
  private static final class Desk implements AutoCloseable {
    final Database database;
    final Logs logs;
    final LeasedRun run;
    private final RunLog log;

    Desk(TestDatabases kind, long limit) {
      database = Database.open(kind.url(), new DatabaseLogin(null, null));
      logs = new Logs(database);
      long _ =
          new Inbox(database, Duration.ofDays(1))
              .record(
                  ledger -> {
                    long id = ledger.addDeployment(DEPLOYMENT, T0);
                    ledger.lockQueue("key").enqueue(new QueueEntry(id, 1, DEPLOYMENT), ROUTE, T0);
                    return id;
                  });
      run = LeasedRuns.acquire(new Runs(database, Duration.ofSeconds(20)), "one", T0).orElseThrow();
      log = new RunLog(logs, new Redactor(List.of(new Secret("hunter22"))), () -> T0, limit);
    }

    /** The log as a process has it that has just got the run. */
    LogWriter writer() {
      return log.writer(run.lease());
    }

    List<String> lines() {
      return logs.read(run.deployment().id(), 0, 10_000_000).text().lines().toList();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private static List<ProviderLine> lines(String... texts) {
    return Stream.of(texts).map(text -> new ProviderLine(T0.minusSeconds(5), text)).toList();
  }

  @ParameterizedTest
  @EnumSource
  void the_next_process_reads_on_behind_the_last_line(TestDatabases kind) {
    try (Desk desk = new Desk(kind, 10_000)) {
      LogWriter first = desk.writer();
      first.say("Render: build_in_progress");
      ProviderLogWriter log = first.provider("api").orElseThrow();
      assertThat(log.cursor()).isEmpty();
      log.add(lines("npm ci", "token hunter22"), "two");

      ProviderLogWriter later = desk.writer().provider("api").orElseThrow();
      assertThat(later.cursor()).contains("two");
      later.add(lines("npm test"), "three");

      assertThat(desk.lines())
          .containsExactly(
              "2026-11-21T10:00:00.000Z ▸ Render: build_in_progress",
              "2026-11-21T09:59:55.000Z npm ci",
              "2026-11-21T09:59:55.000Z token ***",
              "2026-11-21T09:59:55.000Z npm test");
      assertThat(desk.writer().provider("other").orElseThrow().cursor()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void lines_whose_commit_was_in_doubt_are_not_added_again(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind, 10_000)) {
      Logs.ProviderPosition one = new Logs.ProviderPosition("one", 5);
      Logs.ProviderPosition two = new Logs.ProviderPosition("two", 10);

      for (int i = 0; i < 2; i++) {
        desk.logs.appendProvider(desk.run.lease(), "api", "", one, "first\n");
      }
      for (int i = 0; i < 2; i++) {
        desk.logs.appendProvider(desk.run.lease(), "api", "one", two, "second\n");
      }

      assertThat(desk.lines()).containsExactly("first", "second");
      assertThat(desk.logs.providerPosition(desk.run.lease(), "api")).isEqualTo(two);
    }
  }

  @ParameterizedTest
  @EnumSource
  void who_has_lost_the_run_adds_nothing(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind, 10_000)) {
      ProviderLogWriter lost = desk.writer().provider("api").orElseThrow();
      assertThat(lost.cursor()).isEmpty();
      new Runs(desk.database, Duration.ofSeconds(20)).release(desk.run.lease());
      LeasedRun other =
          LeasedRuns.acquire(new Runs(desk.database, Duration.ofSeconds(20)), "two", T0)
              .orElseThrow();

      lost.add(lines("late"), "one");

      assertThat(desk.lines()).isEmpty();
      assertThat(desk.logs.providerPosition(other.lease(), "api").cursor()).isEmpty();
      assertThatThrownBy(
              () ->
                  desk.logs.appendProvider(
                      desk.run.lease(), "api", "", new Logs.ProviderPosition("x", 1), "late\n"))
          .isInstanceOf(LeaseLostException.class);
    }
  }

  @Test
  void only_so_much_is_kept_and_the_end_behind_a_note() {
    try (Desk desk = new Desk(TestDatabases.SQLITE, 100)) {
      ProviderLogWriter log = desk.writer().provider("api").orElseThrow();

      log.add(lines("x".repeat(100), "y".repeat(70_000), "z"), "one");

      assertThat(log.hasRoom()).isFalse();
      assertThat(desk.writer().provider("api").orElseThrow().hasRoom()).isFalse();
      assertThat(desk.lines())
          .extracting(line -> line.charAt(25))
          .startsWith('x', 'y')
          .doesNotContain('z');

      log.addEnd("left out: hunter22", lines("boom", "b".repeat(70_000), "over"), "end");

      assertThat(log.hasRoom()).isFalse();

      assertThat(desk.lines())
          .extracting(line -> line.substring(25))
          .contains("▸ left out: ***", "boom")
          .doesNotContain("over");
      assertThat(log.cursor()).contains("end");
    }
  }

  @Test
  void a_secret_key_is_hidden_whose_lines_come_one_by_one() {
    try (Desk desk = new Desk(TestDatabases.SQLITE, 10_000)) {
      ProviderLogWriter log = desk.writer().provider("api").orElseThrow();

      log.add(lines("-----BEGIN PRIVATE KEY-----"), "one");
      log.add(lines("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), "two");
      log.add(lines("-----END PRIVATE KEY-----", "\u001b[2Jdone"), "three");

      assertThat(String.join("\n", desk.lines())).doesNotContain("MIIEvQ");
      assertThat(desk.lines()).last().asString().endsWith(" done");
    }
  }

  @Test
  void a_limit_of_nothing_keeps_no_log() {
    try (Desk desk = new Desk(TestDatabases.SQLITE, 0)) {
      assertThat(desk.writer().provider("api")).isEmpty();
    }
  }
}
