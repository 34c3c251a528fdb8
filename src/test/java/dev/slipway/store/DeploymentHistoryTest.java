package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueueMember;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.store.DeploymentHistory.GithubDeployment;
import dev.slipway.store.DeploymentHistory.KeptDeployment;
import dev.slipway.store.DeploymentHistory.RunHistory;
import dev.slipway.store.DeploymentHistory.StoredDelivery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of deliveries and deployments, seen by the server and by another process. */
class DeploymentHistoryTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private static Deployment deployment(long githubId) {
    return new Deployment(
        new Repository("github.com", 7, "octo/app"),
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

  private static Delivery delivery(String guid) {
    return new Delivery(
        guid,
        "deployment",
        DeliverySource.WEBHOOK,
        "current",
        "00",
        T0.plusSeconds(1),
        "77",
        "github.com");
  }

  private static long accept(Database database, long githubId) {
    return new Inbox(database, Duration.ofDays(90))
        .record(
            inbox -> {
              long id = inbox.addDeployment(deployment(githubId), T0);
              inbox
                  .lockQueue("queue")
                  .enqueue(new QueueEntry(id, 1, deployment(githubId)), ROUTE, T0);
              inbox.addStatus(id, 1, new Status(GithubState.QUEUED, "waits"), T0);
              inbox.addDelivery(
                  delivery("guid-" + githubId), new Decision.Accepted(id, "route \"default\""));
              inbox.addDelivery(delivery("guid-" + githubId), new Decision.Duplicate(id, "known"));
              return id;
            });
  }

  @ParameterizedTest
  @EnumSource
  void a_delivery_and_its_deployment_are_found_by_each_of_their_names(TestDatabases kind) {
    String url = kind.url();
    try (Database database = Database.open(url, NOBODY)) {
      long first = accept(database, 41);
      long second = accept(database, 42);
      boolean _ =
          new Inbox(database, Duration.ofDays(90))
              .record(
                  inbox -> {
                    inbox.addRejectedDelivery(
                        delivery("away"),
                        new Decision.NoRoute("no route takes it"),
                        deployment(43));
                    return true;
                  });
      for (DeploymentHistory history :
          List.of(DeploymentHistory.of(database), DeploymentHistory.of(url, NOBODY))) {
        assertThat(history.deliveries("guid-42"))
            .extracting(StoredDelivery::decision, StoredDelivery::deploymentId)
            .containsExactly(
                org.assertj.core.groups.Tuple.tuple("accepted", second),
                org.assertj.core.groups.Tuple.tuple("duplicate", second));
        assertThat(history.deliveries(second)).isEqualTo(history.deliveries("guid-42"));
        assertThat(history.deliveries("guid")).isEmpty();
        assertThat(history.turnedAway(new GithubDeployment("github.com", 43)))
            .containsExactly(
                new StoredDelivery(
                    "away",
                    "deployment",
                    "webhook",
                    "current",
                    T0.plusSeconds(1),
                    "no_route",
                    "no route takes it",
                    null,
                    new GithubDeployment("github.com", 43),
                    "77"));
        assertThat(history.turnedAway(new GithubDeployment("github.com", 42))).isEmpty();
        assertThat(history.find(new GithubDeployment("github.com", 42))).contains(second);
        assertThat(history.find(new GithubDeployment("example.com", 42))).isEmpty();

        KeptDeployment kept = history.find(second).orElseThrow();
        assertThat(kept.deployment().deployment()).isEqualTo(deployment(42));
        assertThat(kept.statuses()).hasSize(1);
        assertThat(kept.runs()).singleElement().extracting(RunHistory::ahead).isEqualTo(1L);
        assertThat(kept.runs().getFirst().first().map(QueueMember::deploymentId)).contains(first);
        assertThat(history.find(first).orElseThrow().runs())
            .singleElement()
            .satisfies(
                run -> {
                  assertThat(run.ahead()).isZero();
                  assertThat(run.first()).isEqualTo(Optional.empty());
                });
        assertThat(history.find(second + 1)).isEmpty();
      }
    }
  }

  @Test
  void where_there_is_no_database_it_says_where_it_looked(@TempDir Path folder) {
    assertThatThrownBy(
            () ->
                DeploymentHistory.of("jdbc:sqlite:" + folder.resolve("x.db"), NOBODY)
                    .deliveries("guid"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(folder.resolve("x.db").toString());
  }
}
