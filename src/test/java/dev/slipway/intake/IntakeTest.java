package dev.slipway.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.store.CommitNotifier;
import dev.slipway.store.Counters;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.LeasedRuns;
import dev.slipway.store.Runs;
import dev.slipway.store.StoreException;
import dev.slipway.store.WebhookSecrets;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The decisions, on a real database. */
class IntakeTest {
  private static final AuditEntry.Act ORDERED =
      new AuditEntry.Act(new Actor("mia", Actor.Via.API), AuditEntry.Action.DEPLOY, "");
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;
  private Database database;
  private Runs runs;

  @BeforeEach
  void open() {
    database = Database.open(url(), new DatabaseLogin(null, null));
    runs = new Runs(database, Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private String url() {
    return "jdbc:sqlite:" + folder.resolve("slipway.db");
  }

  private Intake intake(Route... routes) {
    return new Intake(
        new Inbox(database, Duration.ofDays(90)), List.of(routes), Duration.ofDays(365), () -> NOW);
  }

  private static Delivery delivery(String event) {
    return delivery(event, "guid");
  }

  private static Delivery delivery(String event, String guid) {
    return new Delivery(guid, event, DeliverySource.WEBHOOK, "current", "digest", NOW);
  }

  private static ObjectNode event(long id) {
    ObjectNode event = EventReaderTest.event();
    ((ObjectNode) event.get("deployment")).put("id", id);
    return event;
  }

  private Decision receive(ObjectNode event) {
    return receive(intake(ROUTE), event);
  }

  private static Decision receive(Intake intake, ObjectNode event) {
    return Accept.delivery(intake, delivery("deployment"), Optional.empty(), bytes(event));
  }

  private static byte[] bytes(ObjectNode event) {
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private long count(String table) {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + table)) {
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private String lastDecision() {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select decision from delivery order by id desc limit 1")) {
      return row.next() ? row.getString(1) : "none";
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void assertOnlyTheDeliveryIsKept(Decision decision) {
    assertThat(lastDecision()).isEqualTo(decision.kind().code());
    assertThat(count("deployment")).isZero();
    assertThat(count("run")).isZero();
    assertThat(count("status")).isZero();
  }

  private LeasedRun take() {
    return LeasedRuns.acquire(runs, "worker", NOW).orElseThrow();
  }

  private void settle(End end) {
    try {
      runs.settle(take().lease(), List.of(), end, "", NOW);
    } catch (LeaseLostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_new_deployment_is_kept_with_its_run_and_first_status() {
    Decision decision = receive(event(42));
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    assertThat(decision.reason()).contains("default");
    long id = ((Decision.Accepted) decision).deploymentId();
    DeploymentQueries.DeploymentDetails dossier =
        new DeploymentQueries(database).find(id).orElseThrow();
    assertThat(dossier.deployment().deployment().githubId()).isEqualTo(42);
    assertThat(dossier.run().number()).isEqualTo(1);
    assertThat(dossier.run().chain()).containsExactly("shell");
    assertThat(dossier.statuses())
        .extracting(reported -> reported.status().state())
        .containsExactly(GithubState.IN_PROGRESS);
    assertThat(lastDecision()).isEqualTo("accepted");
  }

  @Test
  void the_next_in_the_queue_gets_a_status_naming_the_first() {
    receive(event(42));
    take();
    long id = ((Decision.Accepted) receive(event(43))).deploymentId();
    var status =
        new DeploymentQueries(database).find(id).orElseThrow().statuses().getFirst().status();
    assertThat(status.state()).isEqualTo(GithubState.QUEUED);
    assertThat(status.description()).isEqualTo("Next in the queue: waits for deployment 42");
  }

  @Test
  void a_deployment_that_waits_or_runs_is_a_duplicate() {
    receive(event(42));
    assertThat(receive(event(42))).isEqualTo(new Decision.Duplicate(1, "it waits already"));
    take();
    assertThat(receive(event(42))).isEqualTo(new Decision.Duplicate(1, "it runs already"));
    assertThat(count("run")).isEqualTo(1);
    assertThat(count("status")).isEqualTo(1);
    assertThat(count("delivery")).isEqualTo(3);
  }

  @Test
  void a_deployment_that_succeeded_is_a_duplicate() {
    receive(event(42));
    settle(new End.Succeeded(null, "live"));
    assertThat(receive(event(42))).isEqualTo(new Decision.Duplicate(1, "it has succeeded already"));
    assertThat(count("run")).isEqualTo(1);
  }

  static Stream<End> badEnds() {
    return Stream.of(
        new End.Failed("exit 1"), new End.Errored("no target"), new End.Cancelled("mia"));
  }

  @ParameterizedTest
  @MethodSource("badEnds")
  void a_deployment_that_did_not_succeed_runs_again(End end) {
    receive(event(42));
    settle(end);
    Decision decision = receive(event(42));
    assertThat(decision).isInstanceOf(Decision.Retried.class);
    assertThat(decision.reason()).contains("run 2");
    assertThat(count("deployment")).isEqualTo(1);
    assertThat(take().run().number()).isEqualTo(2);
    assertThat(receive(event(42))).isInstanceOf(Decision.Duplicate.class);
  }

  @Test
  void the_links_of_a_retry_live_as_long_as_those_of_a_first_run() {
    receive(event(42));
    settle(new End.Failed("no"));
    Instant later = NOW.plus(Duration.ofDays(10));

    Decision decision =
        Accept.delivery(
            new Intake(
                new Inbox(database, Duration.ofDays(90)),
                List.of(ROUTE),
                Duration.ofDays(365),
                () -> later),
            delivery("deployment"),
            Optional.empty(),
            bytes(event(42)));

    assertThat(decision).isInstanceOf(Decision.Retried.class);
    assertThat(new DeploymentQueries(database).find(1).orElseThrow().deployment().linkExpiresAt())
        .isEqualTo(later.plus(Duration.ofDays(90)));
  }

  private static Delivery ofHook(String hook) {
    return new Delivery(
        "guid", "deployment", DeliverySource.WEBHOOK, "current", "digest", NOW, hook, "github.com");
  }

  @ParameterizedTest
  @MethodSource("badEnds")
  void a_second_hook_that_tells_of_one_that_did_not_succeed_starts_nothing(End end) {
    receive(event(42));
    settle(end);

    Decision second =
        Accept.delivery(
            intake(ROUTE), delivery("deployment", "2nd"), Optional.empty(), bytes(event(42)));

    assertThat(second)
        .isEqualTo(
            new Decision.Duplicate(
                1,
                "it has not succeeded; to run it again, redeliver a delivery of it that came before"));
    assertThat(count("run")).isEqualTo(1);
    assertThat(
            Accept.delivery(
                intake(ROUTE), delivery("deployment", "2nd"), Optional.empty(), bytes(event(42))))
        .as("now somebody asked for it")
        .isInstanceOf(Decision.Retried.class);
  }

  @ParameterizedTest
  @MethodSource("badEnds")
  void a_second_hook_that_tells_of_it_under_the_same_guid_starts_nothing_either(End end) {
    Delivery ofRepository = ofHook("1");
    Delivery ofOrganization = ofHook("2");
    Intake intake = intake(ROUTE);
    Accept.delivery(intake, ofRepository, Optional.empty(), bytes(event(42)));
    settle(end);

    assertThat(Accept.delivery(intake, ofOrganization, Optional.empty(), bytes(event(42))))
        .isInstanceOf(Decision.Duplicate.class);
    assertThat(count("run")).isEqualTo(1);

    assertThat(Accept.delivery(intake, ofRepository, Optional.empty(), bytes(event(42))))
        .as("now somebody asked for it")
        .isInstanceOf(Decision.Retried.class);
    assertThat(count("run")).isEqualTo(2);
  }

  @Test
  void an_order_is_in_the_audit_once_also_when_githubs_event_came_first() {
    receive(event(42));
    Deployment created =
        ((Event.Created)
                EventReader.read(
                    "deployment", "github.com", new ByteArrayInputStream(bytes(event(42))), NOW))
            .deployment();
    Delivery order = new Delivery("order", "deployment", DeliverySource.API, "", "digest", NOW);

    assertThat(intake(ROUTE).acceptOrder(order, created, ROUTE, ORDERED))
        .isInstanceOf(Decision.Duplicate.class);
    assertThat(intake(ROUTE).acceptOrder(order, created, ROUTE, ORDERED))
        .isInstanceOf(Decision.Duplicate.class);

    assertThat(count("audit")).isEqualTo(1);
  }

  @Test
  void githubs_event_for_what_the_api_created_starts_nothing_however_it_ended() {
    Deployment created =
        ((Event.Created)
                EventReader.read(
                    "deployment", "github.com", new ByteArrayInputStream(bytes(event(42))), NOW))
            .deployment();
    Delivery order = new Delivery("order", "deployment", DeliverySource.API, "", "digest", NOW);
    assertThat(intake(ROUTE).acceptOrder(order, created, ROUTE, ORDERED))
        .isInstanceOf(Decision.Accepted.class);
    settle(new End.Failed("exit 1"));

    assertThat(receive(event(42))).isInstanceOf(Decision.Duplicate.class);

    assertThat(count("run")).isEqualTo(1);
  }

  @Test
  void a_guid_that_told_of_another_deployment_is_no_retry() {
    receive(event(42));
    Accept.delivery(
        intake(ROUTE), delivery("deployment", "2nd"), Optional.empty(), bytes(event(43)));
    settle(new End.Failed("exit 1"));

    assertThat(receive(event(43))).isInstanceOf(Decision.Duplicate.class);
  }

  @Test
  void what_was_created_longer_ago_than_deployments_are_kept_starts_nothing() {
    ObjectNode old = event(42);
    ((ObjectNode) old.get("deployment")).put("created_at", "2025-11-21T09:59:59Z");
    Decision decision = receive(old);
    assertThat(decision)
        .isEqualTo(
            new Decision.Stale(
                "it was created at 2025-11-21T09:59:59Z, and deployments are kept for 365 days:"
                    + " create a new one"));
    assertOnlyTheDeliveryIsKept(decision);
    ((ObjectNode) old.get("deployment")).put("created_at", "2025-11-21T10:00:00Z");
    assertThat(receive(old)).isInstanceOf(Decision.Accepted.class);
  }

  @Test
  void what_starts_nothing_wakes_nobody() throws InterruptedException {
    receive(event(42));
    byte[] ping = "{\"hook\":{}}".getBytes(StandardCharsets.UTF_8);
    try (CommitNotifier.Subscription queue = database.notifier().subscribe(CommitNotifier.QUEUE);
        CommitNotifier.Subscription outbox = database.notifier().subscribe(CommitNotifier.OUTBOX)) {
      take();
      receive(event(42));
      Accept.delivery(intake(ROUTE), delivery("push"), Optional.empty(), bytes(event(42)));
      Accept.delivery(intake(ROUTE), delivery("ping"), Optional.empty(), ping);
      assertThat(queue.await(Duration.ZERO)).isFalse();
      assertThat(outbox.await(Duration.ZERO)).isFalse();

      receive(event(43));
      assertThat(queue.await(Duration.ZERO)).isTrue();
      assertThat(outbox.await(Duration.ZERO)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("badEnds")
  void one_that_did_not_succeed_is_stale_once_a_newer_one_came(End end) {
    receive(event(42));
    settle(end);
    receive(event(43));
    assertThat(receive(event(42))).isInstanceOf(Decision.Stale.class);
    assertThat(count("run")).isEqualTo(2);
    assertThat(lastDecision()).isEqualTo("stale");
  }

  @Test
  void a_newer_one_of_another_environment_makes_nothing_stale() {
    receive(event(42));
    settle(new End.Failed("exit 1"));
    ObjectNode elsewhere = event(43);
    ((ObjectNode) elsewhere.get("deployment")).put("environment", "elsewhere");
    receive(elsewhere);
    assertThat(receive(event(42))).isInstanceOf(Decision.Retried.class);
  }

  @Test
  void a_superseded_one_is_stale() {
    receive(event(42));
    settle(new End.Superseded("replaced by 43"));
    assertThat(receive(event(42))).isInstanceOf(Decision.Stale.class);
    assertThat(count("run")).isEqualTo(1);
  }

  @Test
  void without_a_route_nothing_happens_and_the_reason_says_what_to_set() {
    Decision decision = receive(intake(), event(42));
    assertThat(decision).isInstanceOf(Decision.NoRoute.class);
    assertThat(decision.reason()).contains("DEPLOY_CMD", "RENDER_DEPLOY_HOOK_URL");
    assertOnlyTheDeliveryIsKept(decision);
  }

  @Test
  void the_signed_address_of_a_deployment_has_to_be_on_our_github() {
    ObjectNode own = event(42);
    own.withObject("/deployment").put("url", "https://api.github.com/repos/o/r/deployments/42");
    ObjectNode other = event(43);
    other
        .withObject("/deployment")
        .put("url", "https://ghe.example/api/v3/repos/o/r/deployments/43");

    assertThat(receive(intake(ROUTE), own)).isInstanceOf(Decision.Accepted.class);
    Decision decision = receive(intake(ROUTE), other);
    assertThat(decision).isInstanceOf(Decision.NoRoute.class);
    assertThat(decision.reason()).contains("ghe.example", "github.com", "GITHUB_API_URL");
  }

  private Decision at(String home, Optional<String> header, String url) {
    Intake intake =
        new Intake(
            new Inbox(database, Duration.ofDays(90)),
            List.of(ROUTE),
            Duration.ofDays(365),
            () -> NOW);
    ObjectNode event = event(42);
    event.withObject("/deployment").put("url", url);
    return Accept.delivery(
        intake, new EventRouter.Sender(home, header), delivery("deployment"), bytes(event));
  }

  @Test
  void a_server_of_ones_own_names_itself_in_header_and_address() {
    String url = "https://ghe.example/api/v3/repos/o/r/deployments/42";

    assertThat(at("ghe.example", Optional.empty(), url).reason())
        .contains("comes from github.com", "ghe.example");
    assertThat(at("ghe.example", Optional.of("ghe.example"), "https://api.github.com/repos/o/r/1"))
        .isInstanceOf(Decision.NoRoute.class);
    assertThat(at("ghe.example", Optional.of("ghe.example"), "%"))
        .isInstanceOf(Decision.NoRoute.class);
    assertThat(at("ghe.example", Optional.of("ghe.example"), url))
        .isInstanceOf(Decision.Accepted.class);
  }

  @Test
  void a_tenant_of_ghe_com_is_known_by_the_address() {
    assertThat(
            at(
                "acme.ghe.com",
                Optional.empty(),
                "https://api.other.ghe.com/repos/o/r/deployments/1"))
        .isInstanceOf(Decision.NoRoute.class);
    assertThat(
            at(
                "acme.ghe.com",
                Optional.empty(),
                "https://api.acme.ghe.com/repos/o/r/deployments/1"))
        .isInstanceOf(Decision.Accepted.class);
  }

  @Test
  void what_no_route_matches_is_named() {
    RouteMatch elsewhere = new RouteMatch(Map.of(RouteMatch.Part.REPOSITORIES, List.of("other/*")));
    Decision decision =
        receive(
            intake(
                new Route(
                    "r", elsewhere, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST)),
            event(42));
    assertThat(decision).isInstanceOf(Decision.NoRoute.class);
    assertThat(decision.reason()).contains("octo-org/hello-world", "\"r\"", "match.repositories");
    assertOnlyTheDeliveryIsKept(decision);
  }

  private static ObjectNode byWorkflow() {
    ObjectNode event = event(42);
    event.set("workflow_run", JSON.readTree("{\"id\":7}"));
    return event;
  }

  private static ObjectNode byApp() {
    ObjectNode event = event(42);
    ((ObjectNode) event.get("deployment"))
        .set("performed_via_github_app", JSON.readTree("{\"slug\":\"render\"}"));
    return event;
  }

  private static ObjectNode byBot() {
    ObjectNode event = event(42);
    ((ObjectNode) event.get("deployment"))
        .set("creator", JSON.readTree("{\"login\":\"vercel[bot]\",\"type\":\"Bot\"}"));
    return event;
  }

  static Stream<ObjectNode> foreigners() {
    return Stream.of(byWorkflow(), byApp(), byBot());
  }

  @ParameterizedTest
  @MethodSource("foreigners")
  void what_somebody_elses_automation_made_is_left_alone(ObjectNode event) {
    Decision decision = receive(event);
    assertThat(decision).isInstanceOf(Decision.Foreign.class);
    assertThat(decision.reason()).contains("foreign.");
    assertOnlyTheDeliveryIsKept(decision);
  }

  @ParameterizedTest
  @MethodSource("foreigners")
  void a_route_that_asks_for_it_takes_it(ObjectNode event) {
    OriginPolicy all = new OriginPolicy(true, Set.of("render"), Set.of("vercel[bot]"));
    Route route = new Route("all", RouteMatch.ANY, all, List.of("shell"), null, QueuePolicy.LATEST);
    assertThat(receive(intake(route), event)).isInstanceOf(Decision.Accepted.class);
  }

  @Test
  void a_ping_is_kept_with_its_advice() {
    byte[] ping = "{\"hook\":{\"events\":[\"push\"]}}".getBytes(StandardCharsets.UTF_8);
    Decision decision = Accept.delivery(intake(ROUTE), delivery("ping"), Optional.empty(), ping);
    assertThat(decision).isInstanceOf(Decision.Ping.class);
    assertThat(decision.reason()).contains("tick Deployments");
    assertOnlyTheDeliveryIsKept(decision);
    byte[] good = "{\"hook\":{\"events\":[\"deployment\"]}}".getBytes(StandardCharsets.UTF_8);
    assertThat(Accept.delivery(intake(ROUTE), delivery("ping"), Optional.empty(), good))
        .isEqualTo(new Decision.Ping("the hook looks right"));
  }

  @Test
  void other_events_are_counted_and_not_kept() {
    Intake intake = intake(ROUTE);
    Decision decision =
        Accept.delivery(intake, delivery("push"), Optional.empty(), bytes(event(42)));
    assertThat(decision).isInstanceOf(Decision.IgnoredEvent.class);
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.empty()), "push", "current"))
        .contains(decision);
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.empty()), "push", "previous"))
        .contains(decision);
    assertThat(ignored()).isZero();
    intake.writeIgnored();
    intake.writeIgnored();
    assertThat(ignored()).isEqualTo(3);
    assertThat(new WebhookSecrets(database).uses())
        .containsExactly(
            new WebhookSecrets.Use("current", NOW), new WebhookSecrets.Use("previous", NOW));
    assertThat(count("delivery")).isZero();
    assertThat(count("deployment")).isZero();
  }

  private long ignored() {
    return new Counters(database)
        .counts().stream()
            .filter(count -> count.code().equals("ignored_event"))
            .mapToLong(Counters.Count::number)
            .sum();
  }

  @Test
  void ignored_events_that_could_not_be_counted_are_counted_later() throws SQLException {
    Intake intake = intake(ROUTE);
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.empty()), "push", "current"))
        .isPresent();
    execute("alter table counter rename to away");
    assertThatThrownBy(intake::writeIgnored).isInstanceOf(StoreException.class);
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.empty()), "push", "current"))
        .isPresent();
    execute("alter table away rename to counter");
    intake.writeIgnored();
    assertThat(ignored()).isEqualTo(2);
  }

  private void execute(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement execution = connection.createStatement()) {
      boolean _ = execution.execute(statement);
    }
  }

  @Test
  void only_an_event_that_nobody_reads_is_ignored_by_its_name() {
    Intake intake = intake(ROUTE);
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.empty()), "deployment", "current"))
        .isEmpty();
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.empty()), "ping", "current"))
        .isEmpty();
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.of("ghe.example")),
                "push",
                "current"))
        .isEmpty();
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.of("GitHub.com")), "push", "current"))
        .isPresent();
    intake.close();
    assertThat(
            intake.ignore(
                new EventRouter.Sender("github.com", Optional.empty()), "push", "current"))
        .isEmpty();
    assertThatThrownBy(
            () -> Accept.delivery(intake, delivery("push"), Optional.empty(), bytes(event(42))))
        .isInstanceOf(NotStoredException.class);
  }

  @Test
  void an_event_of_another_github_is_not_taken() {
    Decision decision =
        Accept.delivery(
            intake(ROUTE), delivery("deployment"), Optional.of("evil.example\n"), bytes(event(42)));
    assertThat(decision).isInstanceOf(Decision.NoRoute.class);
    assertThat(decision.reason()).contains("evil.example?", "github.com", "GITHUB_API_URL");
    assertOnlyTheDeliveryIsKept(decision);
    assertThat(
            Accept.delivery(
                intake(ROUTE), delivery("deployment"), Optional.of("GitHub.com"), bytes(event(42))))
        .isInstanceOf(Decision.Accepted.class);
  }

  @Test
  void what_is_invalid_is_not_kept_at_all() {
    byte[] half = "{".getBytes(StandardCharsets.UTF_8);
    assertThat(Accept.delivery(intake(ROUTE), delivery("deployment"), Optional.empty(), half))
        .isInstanceOf(Decision.Invalid.class);
    assertThat(count("delivery")).isZero();
  }

  @Test
  void of_many_deliveries_at_once_exactly_one_is_accepted() throws Exception {
    Intake intake = intake(ROUTE);
    Callable<Decision> arrival = () -> receive(intake, event(42));
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Decision> decisions =
          senders.invokeAll(java.util.Collections.nCopies(20, arrival)).stream()
              .map(Future::resultNow)
              .toList();
      assertThat(decisions).filteredOn(Decision.Accepted.class::isInstance).hasSize(1);
      assertThat(decisions).filteredOn(Decision.Duplicate.class::isInstance).hasSize(19);
    }
    assertThat(count("run")).isEqualTo(1);
  }

  @Test
  void what_cannot_be_kept_is_not_decided() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute("alter table delivery rename to away");
      assertThatThrownBy(() -> receive(event(42))).isInstanceOf(NotStoredException.class);
      assertThat(count("deployment")).isZero();
      assertThat(count("run")).isZero();
      statement.execute("alter table away rename to delivery");
    }
    assertThat(receive(event(42))).isInstanceOf(Decision.Accepted.class);
  }
}
