package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.slipway.model.Verdict;
import dev.slipway.runlog.LogWriter;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.store.StoredRun;
import dev.slipway.store.TestDatabases;
import dev.slipway.time.SettableTime;
import dev.slipway.time.Time;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The facts of a run in memory and on disk. */
class RunJournalTest {
  private static final Instant T0 = SettableTime.START;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("hook"), null, QueuePolicy.LATEST);
  private static final Fact.Intended INTENDED = new Fact.Intended(T0, "hook", null, "there", HOUR);
  private static final Fact.Judged ACCEPTED =
      new Fact.Judged(T0.plusSeconds(1), "hook", new Verdict.Accepted("dep-1", ""));
  private static final Fact.Ended ENDED =
      new Fact.Ended(T0.plusSeconds(2), "hook", new End.Failed("exit 1"));
  private static final Redactor REDACTOR = new Redactor(List.of(new Secret("hunter22")));

  private final SettableTime time = new SettableTime();
  private final String url = TestDatabases.SQLITE.url();
  private final Database database = Database.open(url, new DatabaseLogin(null, null));
  private final Inbox inbox = new Inbox(database, Duration.ofDays(1));
  private final Runs runs = new Runs(database, Duration.ofSeconds(20));
  private LeasedRun leased;
  private LogWriter log;
  private RunJournal journal;

  @BeforeEach
  void begin() {
    inbox.record(
        ledger -> {
          accept(ledger, 41);
          return true;
        });
    leased = LeasedRuns.acquire(runs, "one", T0).orElseThrow();
    log = new RunLog(new Logs(database), REDACTOR, time).writer(leased.lease());
    journal = journal(leased, time);
  }

  @AfterEach
  void close() {
    log.close();
    database.close();
  }

  private static QueueEntry accept(IntakeTransaction ledger, long number) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo-org/hello-world"),
            number,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    QueueEntry entry = new QueueEntry(ledger.addDeployment(deployment, T0), 1, deployment);
    ledger.lockQueue("key").enqueue(entry, ROUTE, T0);
    return entry;
  }

  private RunJournal journal(LeasedRun run, Time its) {
    return new RunJournal(runs, run, its, its, new FactRedactor(REDACTOR), log);
  }

  private List<Fact> onDisk() {
    return runs.facts(leased.run().id());
  }

  private DeploymentQueries.DeploymentDetails details() {
    return new DeploymentQueries(database).find(leased.deployment().id()).orElseThrow();
  }

  private String logOnDisk() {
    return new Logs(database).read(leased.deployment().id(), 0, 100_000).text();
  }

  /** From now on only another worker may write about the run. */
  private void loseLease() {
    runs.release(leased.lease());
    assertThat(LeasedRuns.acquire(runs, "two", T0)).isPresent();
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement direct = connection.createStatement()) {
      direct.execute(statement);
    }
  }

  @Test
  void a_fact_its_status_and_its_lines_are_on_disk_when_the_write_returns() throws Exception {
    log.say("Starting hook");

    journal.write(List.of(INTENDED), List.of(new Status(GithubState.IN_PROGRESS, "Starting")));

    assertThat(onDisk()).isEqualTo(journal.facts().all()).containsExactly(INTENDED);
    assertThat(details().statuses())
        .extracting(one -> one.status().description())
        .containsExactly("Starting");
    assertThat(logOnDisk()).endsWith("Starting hook\n");
  }

  @Test
  void a_secret_is_in_no_fact() throws Exception {
    journal.write(new Fact.Judged(T0, "hook", new Verdict.Refused("no such key: hunter22")));

    Fact clean = new Fact.Judged(T0, "hook", new Verdict.Refused("no such key: ***"));
    assertThat(onDisk()).isEqualTo(journal.facts().all()).containsExactly(clean);
  }

  @Test
  void a_deferred_fact_is_written_before_the_next_one() throws Exception {
    journal.write(INTENDED);

    journal.defer(ACCEPTED);

    assertThat(journal.hasDeferred()).isTrue();
    assertThat(journal.facts().all()).containsExactly(INTENDED, ACCEPTED);
    assertThat(onDisk()).containsExactly(INTENDED);

    Fact seen = new Fact.Seen(T0.plusSeconds(2), "hook", "building", T0.plusSeconds(7));
    journal.write(seen);
    assertThat(journal.hasDeferred()).isFalse();
    assertThat(onDisk()).isEqualTo(journal.facts().all()).containsExactly(INTENDED, ACCEPTED, seen);
  }

  @Test
  void deferred_facts_and_all_lines_are_on_disk_when_the_run_has_its_end() throws Exception {
    journal.write(INTENDED);
    journal.defer(ACCEPTED);
    journal.defer(ENDED);
    byte[] unended = "no newline".getBytes(StandardCharsets.UTF_8);
    log.output(unended, 0, unended.length);

    journal.settle(new End.Failed("exit 1"));

    assertThat(onDisk()).containsExactly(INTENDED, ACCEPTED, ENDED);
    assertThat(details().run().state()).isEqualTo(StoredRun.State.ENDED);
    assertThat(details().run().end()).isEqualTo(new End.Failed("exit 1"));
    assertThat(logOnDisk()).endsWith("no newline\n");
  }

  @Test
  void a_phase_that_was_seen_before_is_not_written_again() throws Exception {
    journal.write(INTENDED);
    Fact building = new Fact.Seen(T0.plusSeconds(5), "hook", "building", T0.plusSeconds(10));
    journal.writeIfNew(building);

    journal.writeIfNew(new Fact.Seen(T0.plusSeconds(10), "hook", "building", T0.plusSeconds(15)));

    assertThat(journal.facts().all())
        .as("it began when it was first seen, and the next poll is a later one")
        .containsExactly(
            INTENDED, new Fact.Seen(T0.plusSeconds(5), "hook", "building", T0.plusSeconds(15)));
    assertThat(onDisk()).containsExactly(INTENDED, building);

    Fact live = new Fact.Seen(T0.plusSeconds(15), "hook", "going live", T0.plusSeconds(20));
    journal.writeIfNew(live);
    assertThat(onDisk()).containsExactly(INTENDED, building, live);
  }

  @Test
  void a_failed_poll_of_the_same_reason_is_not_written_again() throws Exception {
    journal.write(INTENDED);
    Fact unseen = new Fact.Unseen(T0.plusSeconds(5), "hook", "500", T0.plusSeconds(10));
    journal.writeIfNew(unseen);

    journal.writeIfNew(new Fact.Unseen(T0.plusSeconds(10), "hook", "500", T0.plusSeconds(15)));
    Fact other = new Fact.Unseen(T0.plusSeconds(15), "hook", "502", T0.plusSeconds(20));
    journal.writeIfNew(other);

    assertThat(onDisk()).containsExactly(INTENDED, unseen, other);
  }

  @Test
  void a_write_waits_for_a_database_that_cannot_be_written() throws Exception {
    AtomicInteger sleeps = new AtomicInteger();
    Time whileAway =
        new Time() {
          @Override
          public Instant instant() {
            return time.instant();
          }

          @Override
          public long nanos() {
            return time.nanos();
          }

          @Override
          public void sleep(Duration duration) throws InterruptedException {
            if (sleeps.incrementAndGet() == 3) {
              try {
                sql("alter table fact_away rename to fact");
              } catch (SQLException e) {
                throw new AssertionError(e);
              }
            }
            time.sleep(duration);
          }
        };
    RunJournal patient = journal(leased, whileAway);
    sql("alter table fact rename to fact_away");

    patient.write(INTENDED);

    assertThat(sleeps).hasValue(3);
    assertThat(onDisk()).isEqualTo(patient.facts().all()).containsExactly(INTENDED);
  }

  @Test
  void without_the_lease_nothing_is_written() throws Exception {
    journal.write(INTENDED);
    journal.defer(ACCEPTED);
    loseLease();
    log.say("too late");

    assertThatThrownBy(() -> journal.write(ENDED)).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> journal.settle(new End.Failed("exit 1")))
        .isInstanceOf(LeaseLostException.class);

    assertThat(onDisk()).containsExactly(INTENDED);
    assertThat(details().run().end()).isNull();
    assertThat(logOnDisk()).doesNotContain("too late");
  }

  @Test
  void a_replacement_that_the_intake_wrote_is_read_once() throws Exception {
    journal.write(INTENDED);
    Fact.Replaced replaced = new Fact.Replaced(T0.plusSeconds(1), "deployment 42");
    Optional<?> older =
        inbox.record(ledger -> ledger.lockQueue("key").requestStop(accept(ledger, 42), replaced));
    assertThat(older).isPresent();

    journal.readStopRequests();
    journal.readStopRequests();

    assertThat(journal.facts().all()).containsExactly(INTENDED, replaced);
    assertThat(onDisk()).containsExactly(INTENDED, replaced);
  }

  @Test
  void a_clock_that_was_set_back_does_not_take_the_run_back() throws Exception {
    journal.write(new Fact.Intended(T0.plus(HOUR), "hook", null, "there", HOUR));
    LeasedRun again =
        new LeasedRun(
            leased.lease(), leased.deployment(), leased.run(), onDisk(), leased.lastState());

    RunJournal later = journal(again, time);

    assertThat(later.now()).isEqualTo(T0.plus(HOUR));
    assertThat(later.byClock(later.now().plusSeconds(5))).isEqualTo(T0.plusSeconds(5));
  }

  @Test
  void a_provider_that_speaks_up_makes_the_next_look_due_but_no_wait_that_it_asked_for()
      throws Exception {
    journal.write(List.of(INTENDED, ACCEPTED), List.of());
    journal.writeIfNew(new Fact.Seen(T0, "hook", "building", T0.plusSeconds(60)));
    assertThat(journal.leadsTo(Set.of("there"))).isTrue();
    assertThat(journal.leadsTo(Set.of("elsewhere"))).isFalse();

    journal.pollNow();

    assertThat(journal.facts().all().getLast())
        .isEqualTo(new Fact.Seen(T0, "hook", "building", journal.now()));

    Fact unseen = new Fact.Unseen(T0, "hook", "429", T0.plusSeconds(60));
    journal.writeIfNew(unseen);
    journal.pollNow();

    assertThat(journal.facts().all().getLast()).isEqualTo(unseen);
  }

  @Test
  void a_long_text_is_cut_behind_its_last_secret_and_never_through_one() throws Exception {
    for (int before = 985; before < 1005; before++) {
      Fact.Ended told =
          new Fact.Ended(T0, "hook", new End.Failed("x".repeat(before) + "hunter22" + "y"));

      assertThat(new FactRedactor(REDACTOR).clean(told))
          .asString()
          .doesNotContain("hunt")
          .doesNotContain("xh");
      assertThat(((Fact.Ended) new FactRedactor(REDACTOR).clean(told)).end().reason().length())
          .isLessThanOrEqualTo(1000);
    }
  }
}
