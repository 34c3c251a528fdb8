package dev.slipway.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.DestroyPolicy;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.PullRequest;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.RunPurpose;
import dev.slipway.store.AuditLog;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.GithubDeletions;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import dev.slipway.store.Runs;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.TestDatabases;
import dev.slipway.store.TransientEnvironments;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is stored when environments are destroyed, on both databases. */
class DestructionTest {
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final AuditEntry.Act ORDERED =
      new AuditEntry.Act(new Actor("mia", Actor.Via.API), AuditEntry.Action.DEPLOY, "");
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Repository REPOSITORY = new Repository("github.com", 7, "octo/hello");
  private static final PullRequest CLOSED = new PullRequest(REPOSITORY, 12, "feature", "", false);

  private static final class Desk implements AutoCloseable {
    final Database database;
    final Runs runs;
    final DeploymentQueries deployments;
    final TransientEnvironments environments;
    final GithubDeletions deletions;
    final Intake intake;
    final Route route;

    Desk(TestDatabases kind, DestroyPolicy destroys) {
      database = Database.open(kind.url(), new DatabaseLogin(null, null));
      runs = new Runs(database, Duration.ofMinutes(1));
      deployments = new DeploymentQueries(database);
      environments = new TransientEnvironments(database);
      deletions = new GithubDeletions(database);
      route =
          new Route(
              "web",
              RouteMatch.ANY,
              OriginPolicy.NONE,
              List.of("shell"),
              null,
              QueuePolicy.LATEST,
              ProtectionRules.NONE,
              destroys);
      intake =
          new Intake(
              new Inbox(database, Duration.ofDays(90)),
              List.of(route),
              Duration.ofDays(365),
              () -> NOW);
    }

    Decision arrive(long githubId, String environment, String task) {
      Deployment deployment =
          new Deployment(
              REPOSITORY,
              githubId,
              "a".repeat(40),
              "main",
              new Environment(environment, true, false),
              task,
              "{}",
              "",
              "mia",
              NOW);
      return intake.acceptOrder(delivery("deployment"), deployment, route, ORDERED);
    }

    private static Delivery delivery(String event) {
      return new Delivery("guid", event, DeliverySource.WEBHOOK, "current", "00", NOW);
    }

    Decision close(PullRequest closed) {
      return close(closed, NOW);
    }

    Decision close(PullRequest closed, Instant at) {
      return intake.accept(delivery("pull_request"), new EventRouter.Routing.Closed(closed, at));
    }

    LeasedRun take() {
      return LeasedRuns.acquire(runs, "worker", NOW).orElseThrow();
    }

    void settle(LeasedRun taken, End end) {
      try {
        runs.settle(taken.lease(), List.of(), taken.run().purpose().endOf(end), "", NOW);
      } catch (LeaseLostException e) {
        throw new AssertionError(e);
      }
    }

    void deploy(long githubId, String environment) {
      Decision _ = arrive(githubId, environment, "deploy");
      settle(take(), new End.Succeeded(null, "live"));
    }

    StoredDeployment newest() {
      return environments.list(Long.MAX_VALUE, 1, _ -> true).rows().getFirst().deployment();
    }

    List<Long> standing() {
      return environments.list(Long.MAX_VALUE, 50, _ -> true).rows().stream()
          .map(it -> it.deployment().deployment().githubId())
          .toList()
          .reversed();
    }

    String lastStatus(long id) {
      var last = deployments.find(id).orElseThrow().statuses().getLast().status();
      return last.state().code() + ": " + last.description();
    }

    /** GitHub gets every status that waits. */
    void post() {
      Outbox outbox = new Outbox(database, "github.com", Duration.ofMinutes(1), PostLimits.ANY);
      for (var next = outbox.claim(NOW); next.isPresent(); next = outbox.claim(NOW)) {
        assertThat(outbox.confirmPost(next.get(), () -> NOW)).isTrue();
        outbox.confirmPosted(next.get(), 1, NOW);
      }
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private static final DestroyPolicy DESTROYS = new DestroyPolicy(List.of("down"), false);
  private static final DestroyPolicy DELETES = new DestroyPolicy(List.of("down"), true);

  @ParameterizedTest
  @EnumSource
  void the_run_that_destroys_is_of_the_last_deployment(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      desk.deploy(1, "PR-12");
      desk.deploy(2, "pr-12");
      desk.deploy(3, "pr-13");
      assertThat(desk.standing()).containsExactly(2L, 3L);

      assertThat(desk.close(CLOSED))
          .isEqualTo(new Decision.Destroying("pull request #12: pr-12 is destroyed"));

      LeasedRun run = desk.take();
      assertThat(run.deployment().deployment().githubId()).isEqualTo(2);
      assertThat(run.run().number()).isEqualTo(2);
      assertThat(run.run().chain()).containsExactly("down");
      assertThat(run.run().purpose())
          .isEqualTo(new RunPurpose.Destroy("pull request #12 was closed", false));
      desk.settle(run, new End.Succeeded(null, "done"));
      assertThat(desk.standing()).containsExactly(3L);
      assertThat(desk.lastStatus(1))
          .isEqualTo(desk.lastStatus(2))
          .isEqualTo("inactive: Destroyed: pull request #12 was closed");
      assertThat(desk.lastStatus(3)).startsWith("success");
      assertThat(desk.deployments.liveCommit(run.deployment().deployment())).isEmpty();
      assertThat(desk.deletions.due("github.com", NOW, 9)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void it_is_destroyed_once(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      desk.deploy(1, "pr-12");
      assertThat(desk.close(CLOSED)).isInstanceOf(Decision.Destroying.class);
      assertThat(desk.close(CLOSED))
          .isEqualTo(new Decision.IgnoredEvent("pull request #12: pr-12 is destroyed already"));
      LeasedRun run = desk.take();
      assertThat(desk.close(CLOSED)).isInstanceOf(Decision.IgnoredEvent.class);
      desk.settle(run, new End.Succeeded(null, ""));

      assertThat(desk.close(CLOSED))
          .isEqualTo(
              new Decision.IgnoredEvent("no transient environment belongs to pull request #12"));
      assertThat(LeasedRuns.acquire(desk.runs, "worker", NOW)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_event_that_was_ignored_does_not_destroy_later_what_was_deployed_since(
      TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      Instant closedAt = NOW.minusSeconds(1);
      assertThat(desk.close(CLOSED, closedAt)).isInstanceOf(Decision.IgnoredEvent.class);
      desk.deploy(1, "pr-12");

      assertThat(desk.close(CLOSED, closedAt))
          .isEqualTo(
              new Decision.IgnoredEvent(
                  "pull request #12: pr-12 stays, for it was deployed after that"));

      assertThat(LeasedRuns.acquire(desk.runs, "worker", NOW)).isEmpty();
      assertThat(desk.standing()).containsExactly(1L);
      assertThat(desk.close(CLOSED, NOW)).isInstanceOf(Decision.Destroying.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void all_that_waits_for_the_environment_ends(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      Decision _ = desk.arrive(1, "pr-12", "deploy");
      LeasedRun running = desk.take();
      Decision _ = desk.arrive(2, "pr-12", "deploy");
      Decision _ = desk.arrive(3, "pr-12", "deploy:migrations");

      Decision _ = desk.close(CLOSED);

      assertThat(desk.lastStatus(3))
          .isEqualTo("inactive: Not started: pull request #12 was closed");
      desk.settle(running, new End.Succeeded(null, ""));
      LeasedRun destroying = desk.take();
      assertThat(destroying.deployment().deployment().githubId()).isEqualTo(2);
      desk.settle(destroying, new End.Succeeded(null, ""));
      assertThat(desk.standing()).isEmpty();
      assertThat(desk.lastStatus(1)).isEqualTo("inactive: Destroyed: pull request #12 was closed");
      assertThat(LeasedRuns.acquire(desk.runs, "worker", NOW)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_deployment_that_comes_meanwhile_takes_the_place_of_what_destroys(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      Decision _ = desk.arrive(1, "pr-12", "deploy");
      LeasedRun running = desk.take();
      Decision _ = desk.close(CLOSED);

      Decision _ = desk.arrive(2, "pr-12", "deploy");

      desk.settle(running, new End.Succeeded(null, ""));
      LeasedRun next = desk.take();
      assertThat(next.deployment().deployment().githubId()).isEqualTo(2);
      assertThat(next.run().purpose()).isEqualTo(RunPurpose.DEPLOY);
      assertThat(desk.standing()).containsExactly(2L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_failed_to_be_destroyed_stands_and_can_be_tried_again(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      desk.deploy(1, "pr-12");
      Decision _ = desk.close(CLOSED);
      desk.settle(desk.take(), new End.Failed("exit code 1"));
      assertThat(desk.standing()).containsExactly(1L);
      assertThat(desk.lastStatus(1)).isEqualTo("failure: Not destroyed: exit code 1");

      assertThat(desk.close(CLOSED)).isInstanceOf(Decision.Destroying.class);

      assertThat(desk.take().run().number()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void deployments_are_deleted_when_github_has_their_last_status(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DELETES)) {
      desk.deploy(1, "pr-12");
      desk.deploy(2, "pr-12");
      desk.post();
      Decision _ = desk.close(CLOSED);
      desk.settle(desk.take(), new End.Succeeded(null, ""));
      assertThat(desk.deletions.due("github.com", NOW, 9)).isEmpty();

      desk.post();

      List<GithubDeletions.Deletion> due = desk.deletions.due("github.com", NOW, 9);
      assertThat(due)
          .extracting(it -> it.deployment().deployment().githubId())
          .containsExactlyInAnyOrder(1L, 2L);
      desk.deletions.forget(due.getFirst());
      desk.deletions.postpone(due.getLast(), NOW.plusSeconds(10));
      assertThat(desk.deletions.due("github.com", NOW, 9)).isEmpty();
      assertThat(desk.deletions.due("github.com", NOW.plusSeconds(10), 9))
          .extracting(GithubDeletions.Deletion::tries)
          .containsExactly(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_route_without_a_destroy_chain_leaves_its_environments(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DestroyPolicy.NONE)) {
      desk.deploy(1, "pr-12");

      assertThat(desk.close(CLOSED))
          .isEqualTo(
              new Decision.IgnoredEvent(
                  "pull request #12: pr-12 stays: route \"web\" has no destroy chain"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_environment_is_destroyed_on_demand(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      desk.deploy(1, "größe/ü 1");
      StoredDeployment newest = desk.newest();

      assertThat(desk.intake.destroy(newest, "older than 7 d", ANN, "left"))
          .isEqualTo(new DestroyResult.Begun(newest.id()));
      assertThat(desk.intake.destroy(newest, "older than 7 d", ANN, "left"))
          .isEqualTo(new DestroyResult.Already());
      assertThat(Set.of(desk.take().run().purpose()))
          .containsExactly(new RunPurpose.Destroy("older than 7 d", false));
      assertThat(
              new AuditLog(desk.database)
                  .list(Long.MAX_VALUE, 9, row -> row.action().equals("destroy"))
                  .rows())
          .extracting(AuditLog.Row::action, AuditLog.Row::actor, AuditLog.Row::reason)
          .containsExactly(tuple("destroy", "ann", "left"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_to_which_a_newer_deployment_came_in_between_stays(TestDatabases kind) {
    try (Desk desk = new Desk(kind, DESTROYS)) {
      desk.deploy(1, "pr-12");
      StoredDeployment first = desk.newest();
      desk.deploy(2, "pr-12");

      assertThat(desk.intake.destroy(first, "pull request #12 was closed", ANN, ""))
          .isEqualTo(new DestroyResult.Impossible("a newer deployment to it came in between"));
      assertThat(LeasedRuns.acquire(desk.runs, "worker", NOW)).isEmpty();
      assertThat(desk.standing()).containsExactly(2L);
    }
  }
}
