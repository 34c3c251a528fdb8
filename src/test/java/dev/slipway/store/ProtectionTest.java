package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.intake.Intake;
import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.FreezeCalendar;
import dev.slipway.model.FreezeWindow;
import dev.slipway.model.Gates;
import dev.slipway.model.LockScope;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.ProtectionRules.WhenLocked;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the protection rules of a route do to deployments, on both databases. */
class ProtectionTest {
  /** A Saturday. */
  private static final AuditEntry.Act ORDERED =
      new AuditEntry.Act(new Actor("mia", Actor.Via.API), AuditEntry.Action.DEPLOY, "");

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static final LeaseOwner ME = new LeaseOwner("me", null);
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final LockScope ALL = new LockScope("", "", "");
  private static final String FROZEN =
      "Frozen until Sun 2026-11-22 00:00 Z: weekend; slipway override ";
  private static final List<FreezeWindow> SATURDAY =
      List.of(
          new FreezeWindow(
              Set.of(DayOfWeek.SATURDAY),
              LocalTime.MIDNIGHT,
              LocalTime.MIDNIGHT,
              ZoneOffset.UTC,
              "weekend"));
  private static final String OVERRIDE = "{\"override_freeze\":\"hotfix\"}";

  private static ProtectionRules frozen(WhenLocked whenLocked) {
    return new ProtectionRules(whenLocked, SATURDAY, Set.of("Mia"), Gates.NONE);
  }

  private static ProtectionRules gates(Gates gates) {
    return new ProtectionRules(WhenLocked.WAIT, List.of(), Set.of(), gates);
  }

  /** Intake and worker of one process, at a time that is set, with two routes. */
  private static final class Desk implements AutoCloseable {
    final Database database;
    final Runs runs;
    final EnvironmentLocks locks;
    final Inbox inbox;
    final Intake intake;
    final Route route;
    Instant now = NOW;

    Desk(TestDatabases kind, ProtectionRules protection) {
      database = kind.open();
      route =
          new Route(
              "web",
              RouteMatch.ANY,
              OriginPolicy.NONE,
              List.of("shell"),
              null,
              QueuePolicy.LATEST,
              protection);
      runs = new Runs(database, Duration.ofDays(1), new FreezeCalendar(List.of(route)));
      locks = new EnvironmentLocks(database);
      inbox = new Inbox(database, Duration.ofDays(90));
      intake = new Intake(inbox, List.of(route), Duration.ofDays(365), () -> now);
    }

    Decision arrive(long githubId) {
      return arrive(githubId, "production", "main", "mia", "{}");
    }

    Decision arrive(long githubId, String environment, String ref, String creator, String payload) {
      Deployment deployment =
          new Deployment(
              new Repository("github.com", 7, "octo/hello"),
              githubId,
              "a".repeat(40),
              ref,
              new Environment(environment, false, false),
              "deploy",
              payload,
              "",
              creator,
              NOW);
      Delivery delivery =
          new Delivery(
              "guid " + githubId, "deployment", DeliverySource.WEBHOOK, "current", "00", now);
      return intake.acceptOrder(delivery, deployment, route, ORDERED);
    }

    List<Long> take() {
      return leased().stream().map(run -> run.deployment().deployment().githubId()).toList();
    }

    List<LeasedRun> leased() {
      return runs.acquire(ME, now, 10);
    }

    void succeed(LeasedRun run) {
      try {
        runs.settle(run.lease(), List.of(), new End.Succeeded(null, "live"), "", now);
      } catch (LeaseLostException e) {
        throw new AssertionError(e);
      }
    }

    /** Deploys the same commit by a route without gates. */
    void goLive(long githubId, String environment) {
      Deployment deployment =
          new Deployment(
              new Repository("github.com", 7, "octo/hello"),
              githubId,
              "a".repeat(40),
              "main",
              new Environment(environment, false, false),
              "deploy",
              "{}",
              "",
              "mia",
              NOW);
      Delivery delivery =
          new Delivery("live", "deployment", DeliverySource.WEBHOOK, "current", "00", now);
      intake.acceptOrder(delivery, deployment, ManyDeployments.ROUTE, ORDERED);
      leased().forEach(this::succeed);
    }

    Optional<Boolean> override(long id) {
      return inbox.record(transaction -> transaction.overrideFreeze(id, ANN, "outage", now));
    }

    String log(long id) {
      return new Logs(database).read(id, 0, 10_000).text();
    }

    List<String> statuses(Decision decision) {
      long id = ((Decision.OfDeployment) decision).deploymentId();
      return new DeploymentQueries(database)
          .find(id).orElseThrow().statuses().stream()
              .map(told -> told.status().state().code() + ": " + told.status().description())
              .toList();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_comes_within_a_freeze_window_waits_until_it_closes(TestDatabases kind) {
    try (Desk desk = new Desk(kind, frozen(WhenLocked.WAIT))) {
      Decision held = desk.arrive(42);
      assertThat(desk.statuses(held)).containsExactly("queued: " + FROZEN + "1");
      desk.now = Instant.parse("2026-11-21T23:59:59Z");
      assertThat(desk.take()).isEmpty();

      desk.now = Instant.parse("2026-11-22T00:00:00Z");

      assertThat(desk.take()).containsExactly(42L);
      assertThat(desk.statuses(held)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_override_lets_the_one_that_waits_start_and_its_log_says_so(TestDatabases kind)
      throws Exception {
    try (Desk desk = new Desk(kind, frozen(WhenLocked.WAIT));
        CommitNotifier.Subscription queue =
            desk.database.notifier().subscribe(CommitNotifier.QUEUE)) {
      desk.arrive(42);
      assertThat(desk.take()).isEmpty();
      assertThat(queue.await(Duration.ZERO)).isTrue();

      assertThat(desk.override(1)).contains(true);
      assertThat(desk.override(1)).as("repeated").contains(true);

      assertThat(queue.await(Duration.ZERO)).as("the worker is woken").isTrue();
      assertThat(desk.log(1)).endsWith("▸ Freeze windows are overridden by ann: outage\n");
      assertThat(desk.take()).containsExactly(42L);
      assertThat(desk.override(1)).as("repeated while it runs").contains(true);
      assertThat(desk.override(7)).as("unknown").isEmpty();
      assertThat(
              new AuditLog(desk.database)
                  .list(Long.MAX_VALUE, 10, row -> row.action().equals("override_freeze"))
                  .rows())
          .extracting(AuditLog.Row::action, AuditLog.Row::deploymentId, AuditLog.Row::reason)
          .containsExactly(tuple("override_freeze", 1L, "outage"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_runs_already_is_not_let_through_a_freeze(TestDatabases kind) {
    try (Desk desk = new Desk(kind, ProtectionRules.NONE)) {
      desk.arrive(42);
      assertThat(desk.take()).containsExactly(42L);

      assertThat(desk.override(1)).contains(false);

      assertThat(desk.log(1)).doesNotContain("overridden");
      assertThat(
              new AuditLog(desk.database)
                  .list(Long.MAX_VALUE, 10, row -> row.action().equals("override_freeze"))
                  .rows())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_lock_holds_what_overrides_a_freeze(TestDatabases kind) {
    try (Desk desk = new Desk(kind, frozen(WhenLocked.WAIT))) {
      desk.locks.place(new EnvironmentLocks.Wish(ALL, "ann", "move", null), ANN, NOW);
      Decision held = desk.arrive(42, "production", "main", "mia", OVERRIDE);
      assertThat(desk.statuses(held))
          .containsExactly("queued: Locked by ann: move; slipway unlock");
      assertThat(desk.take()).isEmpty();

      assertThat(desk.locks.remove(ALL, ANN, NOW)).isPresent();

      assertThat(desk.take()).containsExactly(42L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_payload_overrides_where_the_route_lets_its_creator(TestDatabases kind) {
    List<LeasedRun> begun = new ArrayList<>();
    try (Desk desk = new Desk(kind, frozen(WhenLocked.WAIT))) {
      desk.runs.register(ME, new BegunRuns(begun));
      desk.arrive(1, "e1", "main", "bob", OVERRIDE);
      desk.arrive(2, "e2", "main", "mia", "{\"override_freeze\":\" \"}");
      desk.arrive(3, "e3", "main", "mia", "\"override_freeze\"");
      assertThat(begun).isEmpty();
      assertThat(desk.take()).isEmpty();

      Decision bare = desk.arrive(4, "e4", "main", "MIA", OVERRIDE);
      desk.arrive(5, "e5", "main", "mia", "\"{\\\"override_freeze\\\":\\\"hotfix\\\"}\"");

      assertThat(begun)
          .extracting(run -> run.deployment().deployment().githubId())
          .containsExactly(4L, 5L);
      assertThat(desk.statuses(bare)).containsExactly("in_progress: Starting on route web");
      assertThat(desk.log(4)).contains("▸ Freeze windows are overridden by MIA: hotfix\n");
      assertThat(
              new AuditLog(desk.database)
                  .list(Long.MAX_VALUE, 10, row -> row.action().equals("override_freeze"))
                  .rows())
          .extracting(AuditLog.Row::actor, AuditLog.Row::via, AuditLog.Row::reason)
          .containsExactly(tuple("mia", "chatops", "hotfix"), tuple("MIA", "chatops", "hotfix"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_route_that_rejects_turns_away_what_comes_while_it_is_held(TestDatabases kind) {
    try (Desk desk = new Desk(kind, frozen(WhenLocked.REJECT))) {
      Decision turnedAway = desk.arrive(42);
      assertThat(turnedAway).isEqualTo(new Decision.Locked(1, FROZEN + "1"));
      assertThat(desk.statuses(turnedAway))
          .containsExactly("inactive: Turned away: " + FROZEN + "1");
      assertThat(desk.arrive(42)).as("again").isInstanceOf(Decision.Locked.class);
      assertThat(desk.arrive(43, "production", "main", "mia", OVERRIDE))
          .isInstanceOf(Decision.Accepted.class);
      assertThat(desk.take()).containsExactly(43L);

      desk.now = Instant.parse("2026-11-22T00:00:00Z");
      desk.locks.place(new EnvironmentLocks.Wish(ALL, "ann", "move", null), ANN, desk.now);

      assertThat(desk.arrive(44))
          .isEqualTo(new Decision.Locked(3, "Locked by ann: move; slipway unlock"));
      assertThat(desk.locks.remove(ALL, ANN, desk.now)).isPresent();
      assertThat(desk.arrive(44)).isInstanceOf(Decision.Retried.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_gate_refuses_visibly_and_is_asked_again_on_a_redelivery(TestDatabases kind) {
    Gates gates = new Gates(List.of("main"), List.of("mia"), "Staging");
    try (Desk desk = new Desk(kind, gates(gates))) {
      Decision ref = desk.arrive(1, "production", "feature", "mia", "{}");
      Decision creator = desk.arrive(2, "production", "main", "bob", "{}");
      Decision after = desk.arrive(3);

      assertThat(List.of(ref, creator, after))
          .allSatisfy(one -> assertThat(one).isInstanceOf(Decision.Gated.class));
      assertThat(desk.statuses(ref))
          .containsExactly(
              "error: Refused: gates.refs lets main in, not \"feature\": deploy one of these");
      assertThat(desk.statuses(creator)).hasSize(1).first().asString().contains("gates.creators");
      assertThat(desk.statuses(after)).hasSize(1).first().asString().contains("live in Staging");
      assertThat(desk.take()).isEmpty();
      assertThat(desk.arrive(3)).isEqualTo(after);
      assertThat(desk.statuses(after)).as("no second run").hasSize(1);

      desk.goLive(4, "STAGING");

      assertThat(desk.arrive(3)).isInstanceOf(Decision.Retried.class);
      assertThat(desk.take()).containsExactly(3L);
    }
  }
}
