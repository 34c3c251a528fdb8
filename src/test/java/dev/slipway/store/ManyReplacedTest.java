package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueueMember;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a queue in which more wait than one transaction replaces. */
class ManyReplacedTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00.123Z");
  private static final Route ROUTE =
      new Route(
          "production",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of("shell"),
          null,
          QueuePolicy.LATEST);
  private static final int MANY = 2 * RunQueue.REPLACED_AT_ONCE + 50;

  private static long accept(Database database, long githubId, boolean replacing) {
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
              RunQueue _ = ledger.lockQueue("key");
              var ticket = new QueueEntry(ledger.addDeployment(deployment, T0), 1, deployment);
              if (replacing) {
                List<QueueMember> _ =
                    ledger
                        .lockQueue("key")
                        .replaceWaiting(ticket, new End.Superseded("Replaced"), T0);
              }
              ledger.lockQueue("key").enqueue(ticket, ROUTE, T0);
              return ticket.deploymentId();
            });
  }

  private static long newest(Database database) {
    for (int i = 1; i <= MANY; i++) {
      accept(database, i, false);
    }
    return accept(database, MANY + 1, true);
  }

  private static long waiting(Database database) {
    return database.<Long>read(
        sql -> sql.number("select count(*) from run where state = 'queued'"));
  }

  @ParameterizedTest
  @EnumSource
  void all_that_wait_are_replaced_and_the_newest_is_next(TestDatabases kind) {
    try (Database database = kind.open()) {
      long newest = newest(database);

      assertThat(waiting(database)).isEqualTo(1);
      Runs runs = new Runs(database, Duration.ofMinutes(1));
      assertThat(LeasedRuns.acquire(runs, "w", T0).orElseThrow().deployment().id())
          .isEqualTo(newest);
    }
  }

  @Test
  void what_was_kept_is_told_though_the_rest_could_not_be_replaced() {
    try (Database database = TestDatabases.SQLITE.open()) {
      database.write(
          sql -> {
            sql.execute(
                "create trigger full before update on run when new.end_kind = 'superseded'"
                    + " and (select count(*) from run where end_kind = 'superseded') >= "
                    + RunQueue.REPLACED_AT_ONCE
                    + " begin select raise(abort, 'disk full'); end");
            return 0;
          });

      long newest = newest(database);

      assertThat(new DeploymentQueries(database).find(newest)).isPresent();
      assertThat(waiting(database)).isEqualTo(MANY - RunQueue.REPLACED_AT_ONCE + 1);
    }
  }
}
