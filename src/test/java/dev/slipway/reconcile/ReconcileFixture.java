package dev.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.github.AppCredential;
import dev.slipway.github.AppKeys;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.intake.Accept;
import dev.slipway.intake.EventRouter;
import dev.slipway.intake.Intake;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Inbox;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A small GitHub, a real database, a clock that is set, and rounds driven by hand. */
final class ReconcileFixture implements AutoCloseable {
  static final String WEB = "/repos/acme/web/deployments";
  static final String HOOKS = "/repos/acme/web/hooks";
  static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  final ScriptedGithub hub = new ScriptedGithub();
  private final Http http = new Http(Duration.ofSeconds(30), "Slipway/test");
  private final String url;
  final Database database;
  final ReconcileState watch;
  private Intake intake;
  private final Github github;
  private final ReconcilePolicy terms;
  private Reconciler reconcile;
  Instant now = START;

  ReconcileFixture(TestDatabases kind) {
    this(kind, List.of("acme/web"));
  }

  ReconcileFixture(TestDatabases kind, List<String> repositories) {
    this(kind, repositories, new Secret("ghp_token"), null);
  }

  /** As a GitHub App, which is installed everywhere under one number. */
  static ReconcileFixture asApp(TestDatabases kind, String... repositories) {
    ReconcileFixture with =
        new ReconcileFixture(kind, List.of(repositories), null, AppKeys.credential("12345"));
    with.hub.put("/repos/acme/web/installation", "{\"id\":11}");
    with.hub.put("/app/installations/11/access_tokens", "{\"token\":\"ghs_token\"}");
    return with;
  }

  private ReconcileFixture(
      TestDatabases kind,
      List<String> repositories,
      @Nullable Secret token,
      @Nullable AppCredential app) {
    url = kind.url();
    database = Database.open(url, new DatabaseLogin(null, null));
    watch = new ReconcileState(database);
    github =
        new Github(
            new GithubConfig(hub.address(), token, app, GithubConfig.API_VERSION), http, () -> now);
    terms =
        new ReconcilePolicy(
            Duration.ofHours(24),
            Duration.ofMinutes(2),
            List.of(),
            () -> "https://deploy.example.com");
    intake = intake(repositories, "production", "staging");
    reconcile = new Reconciler(github, intake, watch, terms, () -> now);
    repositories.forEach(name -> hub.put("/repos/" + name + "/deployments", "[]"));
    hub.refuse(HOOKS, 404);
  }

  private Intake intake(List<String> repositories, String... environments) {
    RouteMatch match =
        new RouteMatch(
            Map.of(
                RouteMatch.Part.REPOSITORIES,
                repositories,
                RouteMatch.Part.ENVIRONMENTS,
                List.of(environments)));
    return new Intake(
        new Inbox(database, Duration.ofDays(90)),
        List.of(
            new Route("web", match, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST)),
        Duration.ofDays(365),
        () -> now);
  }

  /** A new start, with other routes. */
  void routes(String... environments) {
    intake = intake(List.of("acme/web"), environments);
    reconcile = new Reconciler(github, intake, watch, terms, () -> now);
  }

  Intake intake() {
    return intake;
  }

  static List<String> repositories(int count) {
    return IntStream.range(0, count).mapToObj(i -> "acme/app-" + i).toList();
  }

  /** A repository's webhooks, of which the second leads here. */
  static String hook(long id) {
    return """
    [{"id":7,"config":{"url":"https://other.example.com/webhooks/github"}},
    {"id":%d,"config":{"url":"https://deploy.example.com/webhooks/github"}}]\
    """
        .formatted(id);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  boolean round() throws InterruptedException {
    return reconcile.reconcile();
  }

  /** A round before which nothing was known: what is older was never ours. */
  ReconcileFixture looked() throws InterruptedException {
    round();
    hub.forget();
    return this;
  }

  /** What GitHub lists of acme/web, the newest first; nobody has posted a status. */
  void has(Made... deployments) {
    hub.put(WEB, Stream.of(deployments).map(Made::json).collect(Collectors.joining(",", "[", "]")));
    Stream.of(deployments).forEach(made -> hub.put(WEB + "/" + made.id() + "/statuses", "[]"));
  }

  void hasStatus(long id, String logUrl) {
    hub.put(
        WEB + "/" + id + "/statuses",
        "[{\"id\":1,\"state\":\"success\",\"log_url\":\"%s\"}]".formatted(logUrl));
  }

  /** A deployment as GitHub lists it. */
  record Made(long id, String environment, Instant at, String app, String type) {
    static Made of(long id, Instant at) {
      return new Made(id, "production", at, "", "User");
    }

    Made in(String other) {
      return new Made(id, other, at, app, type);
    }

    Made by(String slug, String kind) {
      return new Made(id, environment, at, slug, kind);
    }

    String json() {
      return """
      {"id":%d,"sha":"f95f852bd8fca8fcc58a9a2d6c842781e32a215e","ref":"main","task":"deploy",
      "environment":"%s","payload":{},"description":null,"created_at":"%s",
      "creator":{"login":"mia","type":"%s"},"performed_via_github_app":%s}\
      """
          .formatted(
              id, environment, at, type, app.isEmpty() ? "null" : "{\"slug\":\"" + app + "\"}");
    }

    String event() {
      return """
      {"action":"created","deployment":%s,"workflow_run":null,
      "repository":{"id":7,"full_name":"acme/web"}}\
      """
          .formatted(json());
    }
  }

  /** GitHub delivers it after all. */
  Decision deliver(String guid, Made made) {
    return deliver(github.host(), guid, made);
  }

  /** Another host delivers something. */
  void deliverFrom(String host, Made made) {
    Decision _ = deliver(host, "from " + host, made);
  }

  private Decision deliver(String host, String guid, Made made) {
    return Accept.delivery(
        intake,
        new EventRouter.Sender(host, Optional.of(host)),
        new Delivery(
            guid, "deployment", DeliverySource.WEBHOOK, "current", "digest", now, "", host),
        made.event().getBytes(StandardCharsets.UTF_8));
  }

  /** What is kept of deliveries, as GUID, source and decision. */
  List<String> kept() {
    return rows("select guid || ' ' || source || ' ' || decision from delivery order by id");
  }

  List<String> rows(String sql) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return rows;
  }

  void change(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    database.close();
    http.close();
    hub.close();
  }
}
