package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What another process sees of the outbox, and how it hurries it. */
class WaitingStatusesTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);

  private static void deployment(Database database, String repository, long githubId) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, repository),
            githubId,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    Route route =
        new Route(
            "default",
            RouteMatch.ANY,
            OriginPolicy.NONE,
            List.of("shell"),
            null,
            QueuePolicy.LATEST);
    new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, T0);
              ledger.lockQueue("key" + id).enqueue(new QueueEntry(id, 1, deployment), route, T0);
              ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "works"), T0);
              ledger.addStatus(id, 1, new Status(GithubState.SUCCESS, "live"), T0);
              return id;
            });
  }

  @ParameterizedTest
  @EnumSource
  void beside_the_server_it_is_seen_what_waits_and_why_and_tried_at_once(TestDatabases kind) {
    String url = kind.url();
    try (Database database = Database.open(url, NOBODY)) {
      Outbox outbox =
          new Outbox(
              database,
              "github.com",
              Duration.ofSeconds(20),
              PostLimits.ANY,
              (_, now) -> now.toEpochMilli());
      WaitingStatuses statuses = new WaitingStatuses(url, NOBODY);
      assertThat(statuses.list()).isEmpty();
      deployment(database, "octo/refused", 1);
      deployment(database, "octo/refused", 2);
      ClaimedStatus refused = outbox.claim(T0).orElseThrow();
      assertThat(outbox.pauseRepository(refused, false, "GitHub answered 403", T0))
          .isEqualTo(Duration.ofMinutes(1));
      deployment(database, "octo/new", 3);

      assertThat(statuses.list())
          .extracting(
              WaitingStatuses.Waiting::repository,
              WaitingStatuses.Waiting::waiting,
              WaitingStatuses.Waiting::state,
              WaitingStatuses.Waiting::due,
              WaitingStatuses.Waiting::problem)
          .containsExactly(
              tuple("octo/refused", 2, "in_progress", T0.plusSeconds(60), "GitHub answered 403"),
              tuple("octo/refused", 2, "in_progress", T0.plusSeconds(60), "GitHub answered 403"),
              tuple("octo/new", 2, "in_progress", T0, null));
      assertThat(new DeploymentQueries(database).find(2).orElseThrow().statuses())
          .extracting(DeploymentQueries.StatusReport::problem)
          .containsOnly("GitHub answered 403");

      statuses.retry();
      outbox.makeAllDueIfRequested(T0.plusSeconds(1));

      assertThat(outbox.nextDue(T0.plusSeconds(1)).orElseThrow())
          .isBeforeOrEqualTo(T0.plusSeconds(1));
      assertThat(outbox.backlog().refused()).isZero();
    }
  }

  @Test
  void where_there_is_no_database_it_says_where_it_looked(@TempDir Path folder) {
    assertThatThrownBy(
            () -> new WaitingStatuses("jdbc:sqlite:" + folder.resolve("x.db"), NOBODY).list())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(folder.resolve("x.db").toString());
  }
}
