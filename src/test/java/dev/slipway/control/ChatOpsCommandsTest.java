package dev.slipway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.github.GithubHosts;
import dev.slipway.http.Http;
import dev.slipway.intake.Intake;
import dev.slipway.model.Actor;
import dev.slipway.model.Attempt;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.EnvironmentLock;
import dev.slipway.model.LockScope;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Redactor;
import dev.slipway.store.AuditLog;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.EnvironmentLocks;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Releases;
import dev.slipway.store.Runs;
import dev.slipway.store.TestDatabases;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ChatOps tasks that are done again, as after a crash before their answer was written down. */
class ChatOpsCommandsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final LockScope PRODUCTION =
      new LockScope("github.com", "octo/hello", "production");
  private static final Route ROUTE =
      new Route(
          "web",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of("shell"),
          null,
          new QueuePolicy(QueuePolicy.Mode.ALL, false, false));

  private static final class Desk implements AutoCloseable {
    final Database database;
    final Http http = new Http(Duration.ofSeconds(1), "test");
    final Runs runs;
    final DeploymentQueries deployments;
    final EnvironmentLocks locks;
    final Intake intake;
    final ChatOpsCommands commands;

    Desk(TestDatabases kind) {
      this(kind, true);
    }

    Desk(TestDatabases kind, boolean isOnlyHost) {
      database = Database.open(kind.url(), new DatabaseLogin(null, null));
      runs = new Runs(database, Duration.ofMinutes(1));
      deployments = new DeploymentQueries(database);
      locks = new EnvironmentLocks(database);
      Inbox inbox = new Inbox(database, Duration.ofDays(90));
      Redactor redactor = new Redactor(List.of());
      intake = new Intake(inbox, List.of(Route.chatOps(), ROUTE), Duration.ofDays(365), () -> NOW);
      GithubHosts githubHosts =
          GithubHosts.of(
              new Github(
                  new GithubConfig(
                      URI.create("https://api.github.com"), null, GithubConfig.API_VERSION),
                  http,
                  () -> NOW));
      commands =
          new ChatOpsCommands(
              new LockService(locks, inbox, redactor, () -> NOW),
              new ReleaseService(
                  new DeployService(intake, githubHosts, redactor, () -> NOW),
                  new Releases(database),
                  githubHosts,
                  redactor),
              new DeploymentControl(intake, deployments, redactor, () -> NOW),
              deployments,
              redactor,
              isOnlyHost);
    }

    /** The deployment with this number has arrived. */
    Attempt arrive(long githubId, String task) {
      return arrive(githubId, task, "it hangs");
    }

    Attempt arrive(long githubId, String task, String description) {
      Deployment deployment =
          new Deployment(
              new Repository("github.com", 7, "octo/hello"),
              githubId,
              "a".repeat(40),
              "main",
              new Environment("production", false, false),
              task,
              "{}",
              description,
              "mia",
              NOW);
      Decision decision =
          intake.acceptOrder(
              new Delivery(
                  "guid " + githubId, "deployment", DeliverySource.WEBHOOK, "current", "00", NOW),
              deployment,
              task.equals("deploy") ? ROUTE : Route.chatOps(),
              new AuditEntry.Act(
                  new Actor("mia", Actor.Via.API), AuditEntry.Action.DEPLOY, "arrives"));
      long id = ((Decision.OfDeployment) decision).deploymentId();
      return new Attempt(deployment, id, 1, "shell", NOW, null);
    }

    LeasedRun take() {
      return LeasedRuns.acquire(runs, "worker", NOW).orElseThrow();
    }

    void fail() {
      LeasedRun taken = take();
      try {
        runs.settle(taken.lease(), List.of(), new End.Failed("exit 3"), "", NOW);
      } catch (LeaseLostException e) {
        throw new AssertionError(e);
      }
    }

    String state(Attempt attempt) {
      return deployments.find(attempt.deploymentId()).orElseThrow().run().state().code();
    }

    List<String> acts() {
      return new AuditLog(database)
          .list(Long.MAX_VALUE, 10, row -> !row.action().equals("deploy")).rows().stream()
              .map(row -> row.action() + " " + row.subject())
              .toList();
    }

    @Override
    public void close() {
      http.close();
      database.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_cancel_that_is_done_again_cancels_no_other_one(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind)) {
      Attempt first = desk.arrive(42, "deploy");
      Attempt second = desk.arrive(43, "deploy");
      Attempt cancel = desk.arrive(44, "deploy:cancel");

      ChatOpsCommands.Answer once = desk.commands.execute(cancel);
      ChatOpsCommands.Answer again = desk.commands.execute(cancel);

      assertThat(once).isInstanceOf(ChatOpsCommands.Answer.Done.class).isEqualTo(again);
      assertThat(desk.state(second)).isEqualTo("ended");
      assertThat(desk.state(first)).isEqualTo("queued");
      assertThat(desk.acts()).containsExactly("cancel deployment 43 of octo/hello to production");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_retry_that_is_done_again_starts_no_third_run(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind)) {
      Attempt failed = desk.arrive(42, "deploy");
      desk.fail();
      Attempt retry = desk.arrive(43, "deploy:retry");
      assertThat(desk.take().deployment().id()).isEqualTo(retry.deploymentId());

      ChatOpsCommands.Answer once = desk.commands.execute(retry);
      desk.fail();
      ChatOpsCommands.Answer again = desk.commands.execute(retry);

      assertThat(once).isInstanceOf(ChatOpsCommands.Answer.Done.class).isEqualTo(again);
      assertThat(desk.deployments.find(failed.deploymentId()).orElseThrow().run().number())
          .isEqualTo(2);
      assertThat(desk.acts()).containsExactly("retry deployment 42 of octo/hello to production");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lock_that_is_done_again_locks_nothing_that_was_unlocked_since(TestDatabases kind)
      throws Exception {
    try (Desk desk = new Desk(kind)) {
      Attempt lock = desk.arrive(42, "deploy:lock");

      ChatOpsCommands.Answer once = desk.commands.execute(lock);
      assertThat(desk.locks.remove(PRODUCTION, ANN, NOW)).isPresent();
      ChatOpsCommands.Answer again = desk.commands.execute(lock);

      assertThat(once).isInstanceOf(ChatOpsCommands.Answer.Done.class).isEqualTo(again);
      assertThat(desk.locks.list(NOW)).isEmpty();
      assertThat(desk.acts())
          .containsExactly(
              "unlock production of octo/hello on github.com",
              "lock production of octo/hello on github.com");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_secret_is_taken_out_of_a_reason_before_it_is_cut(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind)) {
      String token = "ghp_" + "s3cr3t".repeat(6);
      Attempt lock = desk.arrive(42, "deploy:lock", "b".repeat(490) + token);

      assertThat(desk.commands.execute(lock))
          .isEqualTo(
              new ChatOpsCommands.Answer.Done(
                  "Locked production for mia: " + "b".repeat(490) + "***"));
      assertThat(desk.locks.list(NOW))
          .extracting(EnvironmentLock::reason)
          .containsExactly("b".repeat(490) + "***");
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_unlock_that_is_done_again_removes_no_other_lock(TestDatabases kind) throws Exception {
    try (Desk desk = new Desk(kind)) {
      EnvironmentLocks.Wish wish = new EnvironmentLocks.Wish(PRODUCTION, "ann", "move", null);
      var _ = desk.locks.place(wish, ANN, NOW);
      Attempt unlock = desk.arrive(42, "deploy:unlock");

      ChatOpsCommands.Answer once = desk.commands.execute(unlock);
      var _ = desk.locks.place(wish, ANN, NOW);
      ChatOpsCommands.Answer again = desk.commands.execute(unlock);

      assertThat(once)
          .isEqualTo(
              new ChatOpsCommands.Answer.Done("Unlocked production, which ann had locked: move"));
      assertThat(again).isEqualTo(new ChatOpsCommands.Answer.Done("Unlocked production"));
      assertThat(desk.locks.list(NOW)).hasSize(1);
      assertThat(desk.acts()).hasSize(3);
    }
  }

  /** Whoever speaks for one host would else open what is held at another. */
  @ParameterizedTest
  @EnumSource
  void an_unlock_at_one_of_several_hosts_leaves_a_lock_on_all_of_them(TestDatabases kind)
      throws Exception {
    LockScope everywhere = new LockScope("", "octo/hello", "production");
    try (Desk desk = new Desk(kind, false)) {
      var _ =
          desk.locks.place(new EnvironmentLocks.Wish(everywhere, "ann", "move", null), ANN, NOW);
      assertThat(desk.commands.execute(desk.arrive(42, "deploy:unlock")))
          .isEqualTo(
              new ChatOpsCommands.Answer.Declined(
                  "Not unlocked, for all GitHub hosts: Locked by ann: move; slipway unlock"
                      + " production --repository octo/hello"));
      assertThat(desk.locks.list(NOW)).hasSize(1);

      var _ = desk.locks.place(new EnvironmentLocks.Wish(PRODUCTION, "ann", "own", null), ANN, NOW);
      assertThat(desk.commands.execute(desk.arrive(43, "deploy:unlock")))
          .isEqualTo(
              new ChatOpsCommands.Answer.Done("Unlocked production, which ann had locked: own"));
      assertThat(desk.locks.list(NOW)).extracting(lock -> lock.scope().host()).containsExactly("");
    }
    try (Desk desk = new Desk(kind, true)) {
      var _ =
          desk.locks.place(new EnvironmentLocks.Wish(everywhere, "ann", "move", null), ANN, NOW);
      assertThat(desk.commands.execute(desk.arrive(42, "deploy:unlock")))
          .isInstanceOf(ChatOpsCommands.Answer.Done.class);
      assertThat(desk.locks.list(NOW)).isEmpty();
    }
  }
}
