package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one GitHub host does to its statuses does nothing to those of another. */
class OutboxHostsTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final String CLOUD = "github.com";
  private static final String SERVER = "ghe.example.com";
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  /** The same repository and the same number of GitHub's may be at each host. */
  private static long deployment(Database database, String host, long githubId) {
    Deployment deployment =
        new Deployment(
            new Repository(host, 7, "octo/hello"),
            githubId,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    return new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, T0);
              ledger.lockQueue("key" + id).enqueue(new QueueEntry(id, 1, deployment), ROUTE, T0);
              ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "works"), T0);
              ledger.addStatus(id, 1, new Status(GithubState.SUCCESS, "live"), T0);
              return id;
            });
  }

  private static Outboxes outboxes(Database database, PostLimits cloud, PostLimits server) {
    return new Outboxes(database, Duration.ofMinutes(2), Map.of(CLOUD, cloud, SERVER, server));
  }

  private static int posted(Outbox outbox, Instant now) {
    int number = 0;
    for (Optional<ClaimedStatus> next = outbox.claim(now);
        next.isPresent();
        next = outbox.claim(now)) {
      assertThat(next.get().deployment().deployment().repository().host()).isEqualTo(outbox.host());
      assertThat(outbox.confirmPost(next.get(), () -> now)).isTrue();
      outbox.confirmPosted(next.get(), 900 + next.get().id(), now);
      number++;
    }
    return number;
  }

  @ParameterizedTest
  @EnumSource
  void a_pause_that_one_host_asks_for_holds_up_no_other(TestDatabases kind) {
    try (Database database = kind.open()) {
      Outboxes outboxes = outboxes(database, PostLimits.ANY, PostLimits.ANY);
      deployment(database, CLOUD, 1);
      deployment(database, SERVER, 1);

      outboxes.of(SERVER).pause(T0.plusSeconds(600));

      assertThat(posted(outboxes.of(SERVER), T0)).isZero();
      assertThat(outboxes.of(SERVER).nextDue(T0)).contains(T0.plusSeconds(600));
      assertThat(posted(outboxes.of(CLOUD), T0)).isEqualTo(2);
      assertThat(posted(outboxes.of(SERVER), T0.plusSeconds(600))).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_credential_that_one_host_refuses_holds_up_no_other_and_is_named_there_alone(
      TestDatabases kind) {
    try (Database database = kind.open()) {
      Outboxes outboxes = outboxes(database, PostLimits.ANY, PostLimits.ANY);
      long atCloud = deployment(database, CLOUD, 1);
      long atServer = deployment(database, SERVER, 1);
      Outbox server = outboxes.of(SERVER);

      ClaimedStatus refused = server.claim(T0).orElseThrow();
      assertThat(server.pauseAll(refused, false, "GitHub answered 401", T0))
          .isEqualTo(Duration.ofMinutes(1));

      assertThat(server.claim(T0)).isEmpty();
      assertThat(problems(database, atCloud)).containsOnlyNulls();
      assertThat(problems(database, atServer)).containsOnly("GitHub answered 401");
      assertThat(outboxes.all())
          .extracting(Outbox::host, outbox -> outbox.backlog().allRefused())
          .containsExactly(tuple(SERVER, true), tuple(CLOUD, false));
      assertThat(posted(outboxes.of(CLOUD), T0)).isEqualTo(2);
      assertThat(server.backlog().allRefused())
          .as("what another host takes says nothing about this one")
          .isTrue();
      assertThat(posted(server, T0.plusSeconds(60))).isEqualTo(2);
      assertThat(server.backlog().allRefused()).isFalse();
    }
  }

  private static List<String> problems(Database database, long id) {
    return new DeploymentQueries(database)
        .find(id).orElseThrow().statuses().stream()
            .map(DeploymentQueries.StatusReport::problem)
            .toList();
  }

  @ParameterizedTest
  @EnumSource
  void each_host_has_a_budget_of_its_own(TestDatabases kind) {
    try (Database database = kind.open()) {
      Outboxes outboxes = outboxes(database, new PostLimits(1, 0), new PostLimits(3, 0));
      for (int i = 1; i <= 4; i++) {
        deployment(database, CLOUD, i);
        deployment(database, SERVER, i);
      }

      assertThat(posted(outboxes.of(SERVER), T0)).isEqualTo(3);
      assertThat(posted(outboxes.of(CLOUD), T0)).isEqualTo(1);
      assertThat(posted(outboxes.of(CLOUD), T0.plusSeconds(60))).isZero();
      assertThat(posted(outboxes.of(CLOUD), T0.plusSeconds(61))).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void many_that_wait_for_one_host_are_before_none_of_another(TestDatabases kind) {
    try (Database database = kind.open()) {
      Outboxes outboxes = outboxes(database, PostLimits.ANY, PostLimits.ANY);
      for (int i = 1; i <= 120; i++) {
        deployment(database, SERVER, i);
      }
      deployment(database, CLOUD, 1);

      assertThat(outboxes.of(CLOUD).claim(T0)).isPresent();
      assertThat(outboxes.of(SERVER).backlog().waiting()).isEqualTo(240);
      assertThat(outboxes.of(CLOUD).backlog().waiting()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_repository_that_one_host_refuses_is_served_at_the_other(TestDatabases kind) {
    try (Database database = kind.open()) {
      Outboxes outboxes = outboxes(database, PostLimits.ANY, PostLimits.ANY);
      deployment(database, CLOUD, 1);
      deployment(database, SERVER, 1);
      Outbox server = outboxes.of(SERVER);
      Duration _ = server.pauseRepository(server.claim(T0).orElseThrow(), false, "403", T0);

      assertThat(posted(server, T0)).isZero();
      assertThat(posted(outboxes.of(CLOUD), T0)).isEqualTo(2);
      assertThat(outboxes.of(CLOUD).backlog().refused()).isZero();
      assertThat(server.backlog().refused()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_waits_for_a_host_without_configuration_is_seen_and_kept(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, SERVER, 1);
      Outboxes outboxes =
          new Outboxes(database, Duration.ofMinutes(2), Map.of(CLOUD, PostLimits.ANY));

      assertThat(outboxes.unknown()).extracting(Outbox::host).containsExactly(SERVER);
      assertThat(outboxes.all()).extracting(Outbox::host).containsExactly(SERVER, CLOUD);
      assertThat(posted(outboxes.of(CLOUD), T0)).isZero();
      assertThat(outboxes.of(SERVER).backlog().waiting()).isEqualTo(2);
    }
  }
}
