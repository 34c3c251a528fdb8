package dev.slipway.server;

import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import dev.slipway.web.PortInUseException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.TimeToLive;
import org.mockserver.matchers.Times;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A real Slipway on a real database, and MockServer in the place of GitHub, Render and Qovery. One
 * MockServer plays all three: their paths do not meet.
 */
public final class SlipwayServer implements AutoCloseable {
  public static final String SECRET = "It's a Secret to Everybody";

  @SuppressWarnings("TimeInStaticInitializer") // all events of one run of the tests are as old
  static final String CREATED_AT = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

  public static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  static final String STATUSES = "/repos/octo-org/hello-world/deployments/42/statuses";
  private static final Set<String> FINAL = Set.of("success", "failure", "error", "inactive");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public final ClientAndServer services = ClientAndServer.startClientAndServer(0);
  final HttpClient browser = HttpClient.newHttpClient();
  private final Map<String, String> environment = new HashMap<>();
  private final Path folder;
  private final AtomicLong statusIds = new AtomicLong(900);
  private final Map<String, List<ObjectNode>> takenStatuses = new ConcurrentHashMap<>();
  private Optional<Server> server = Optional.empty();

  /** A status as GitHub received it. */
  public record Posted(String state, String description, String logUrl, JsonNode body) {}

  public SlipwayServer(Path folder) {
    this.folder = folder;
    set("GITHUB_WEBHOOK_SECRET", SECRET);
    set("GITHUB_TOKEN", "ghp_0123456789abcdefghijklmnopqrstuvwxyz");
    set("GITHUB_API_URL", base());
    set("RENDER_API_URL", base());
    set("QOVERY_API_URL", base());
    set("SLIPWAY_DATA", folder.resolve("data").toString());
    set("SLIPWAY_API_TOKEN", "api-token-of-the-test");
    set("PORT", "0");
    set("SLIPWAY_STOP_GRACE", "1ms");
    set("GITHUB_CONTENT_PER_MINUTE", "0");
    set("GITHUB_CONTENT_PER_HOUR", "0");
    set("SLIPWAY_RECONCILE_EVERY", "off");
    set("SLIPWAY_ENVIRONMENTS", "*");
    set("SLIPWAY_QUEUE_KEY", "environment");
    githubTakesStatuses();
  }

  String base() {
    return "http://127.0.0.1:" + services.getPort();
  }

  public SlipwayServer set(String name, String value) {
    environment.put(name, value);
    return this;
  }

  public SlipwayServer without(String name) {
    environment.remove(name);
    return this;
  }

  void githubTakesStatuses() {
    services
        .when(request().withMethod("POST").withPath("/repos/.*/statuses"))
        .respond(posted -> json(201, take(posted)));
    // Asked after a doubt; a test that has something else there says so before
    services
        .when(
            request().withMethod("GET").withPath("/repos/.*/statuses"),
            Times.unlimited(),
            TimeToLive.unlimited(),
            -1)
        .respond(asked -> json(200, taken(asked.getPath().getValue())));
  }

  private ObjectNode take(org.mockserver.model.HttpRequest posted) {
    ObjectNode status = (ObjectNode) JSON.readTree(posted.getBodyAsString());
    status.put("id", statusIds.incrementAndGet());
    takenStatuses
        .computeIfAbsent(posted.getPath().getValue(), _ -> new CopyOnWriteArrayList<>())
        .add(status);
    return status;
  }

  private ArrayNode taken(String path) {
    ArrayNode newestFirst = JSON.createArrayNode();
    takenStatuses.getOrDefault(path, List.of()).reversed().forEach(newestFirst::add);
    return newestFirst;
  }

  private static org.mockserver.model.HttpResponse json(int status, JsonNode body) {
    return response(body.toString())
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json");
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  public SlipwayServer start() {
    Configuration configuration =
        switch (ConfigurationReader.load(environment, folder)) {
          case Configuration.Loaded.Good(Configuration good) -> good;
          case Configuration.Loaded.Bad(List<String> problems) ->
              throw new AssertionError(String.join("\n", problems));
        };
    server = Optional.of(started(configuration));
    return this;
  }

  /** A process that another test starts at this moment may hold the port that was just left. */
  private static Server started(Configuration configuration) {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        return Server.start(configuration);
      } catch (PortInUseException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  public URI at(String path) {
    return server.orElseThrow().address().resolve(path);
  }

  Optional<String> setupLink() {
    return server.orElseThrow().setupLink();
  }

  public void stop() {
    server.orElseThrow().close();
    server = Optional.empty();
  }

  /** The event that GitHub sends for deployment 42. */
  public static String event() {
    return event(42, "production", SHA);
  }

  public static String event(long id, String environment, String sha) {
    return """
        {"action":"created","deployment":{"id":%d,"sha":"%s","ref":"main","task":"deploy",
        "environment":"%s","payload":{"reason":"because"},"description":"from chat",
        "creator":{"login":"mia","type":"User"},"created_at":"%s",
        "performed_via_github_app":null},"workflow_run":null,
        "repository":{"id":1296269,"full_name":"octo-org/hello-world","private":false}}"""
        .formatted(id, sha, environment, CREATED_AT);
  }

  static String sign(byte[] body) {
    return "sha256=" + HexFormat.of().formatHex(Hmac.of(new Secret(SECRET), body));
  }

  /** The same body is the same delivery again, as with GitHub's Redeliver. */
  public HttpResponse<String> deliver(String body) {
    return deliver("deployment", body.getBytes(StandardCharsets.UTF_8));
  }

  HttpResponse<String> deliver(String event, byte[] body) {
    return send(
        HttpRequest.newBuilder(at("/webhooks/github"))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", event)
            .header("X-GitHub-Enterprise-Host", "127.0.0.1")
            .header("X-GitHub-Delivery", UUID.nameUUIDFromBytes(body).toString())
            .header("X-Hub-Signature-256", sign(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return browser.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public HttpResponse<String> get(URI uri) {
    return send(HttpRequest.newBuilder(uri).build());
  }

  public HttpResponse<String> api(String path, String body) {
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Authorization", "Bearer api-token-of-the-test")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** The audit, newest first, as {@code action of subject by actor (way): reason}. */
  public List<String> audit() {
    String body =
        send(HttpRequest.newBuilder(at("/api/audit"))
                .header("Authorization", "Bearer api-token-of-the-test")
                .build())
            .body();
    return json(body).path("audit").values().stream()
        .map(
            row ->
                "%s of %s by %s (%s): %s"
                    .formatted(
                        row.path("action").asString(),
                        row.path("subject").asString(),
                        row.path("actor").asString(),
                        row.path("via").asString(),
                        row.path("reason").asString()))
        .toList();
  }

  public static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** What GitHub got for one of its deployments, in the order in which it came. */
  public List<Posted> posted(long githubId) {
    return Arrays.stream(
            services.retrieveRecordedRequests(
                request()
                    .withMethod("POST")
                    .withPath("/repos/octo-org/hello-world/deployments/" + githubId + "/statuses")))
        .map(request -> json(request.getBodyAsString()))
        .map(
            body ->
                new Posted(
                    body.path("state").asString(),
                    body.path("description").asString(),
                    body.path("log_url").asString(),
                    body))
        .toList();
  }

  /** The states that GitHub took for one of its deployments; quickly told where there are many. */
  List<String> statesTaken(long githubId) {
    return takenStatuses
        .getOrDefault(
            "/repos/octo-org/hello-world/deployments/" + githubId + "/statuses", List.of())
        .stream()
        .map(status -> status.path("state").asString())
        .toList();
  }

  /** How many statuses of this state GitHub took, of all deployments. */
  long countTaken(String state) {
    return takenStatuses.values().stream()
        .flatMap(List::stream)
        .filter(status -> status.path("state").asString().equals(state))
        .count();
  }

  /** Waits for the final status of deployment 42. */
  public List<Posted> awaitEnd() {
    return awaitEnd(42);
  }

  public List<Posted> awaitEnd(long githubId) {
    Await.until(
        () -> posted(githubId).toString(),
        () -> posted(githubId).stream().anyMatch(posted -> FINAL.contains(posted.state())));
    return posted(githubId);
  }

  /** The calls that were not GitHub's statuses, as {@code METHOD path?query}. */
  public List<String> calls() {
    return Arrays.stream(services.retrieveRecordedRequests(request()))
        .filter(request -> !request.getPath().getValue().endsWith("/statuses"))
        .map(
            request ->
                request.getMethod().getValue()
                    + " "
                    + request.getPath().getValue()
                    + query(request))
        .toList();
  }

  private static String query(org.mockserver.model.HttpRequest request) {
    if (request.getQueryStringParameterList().isEmpty()) {
      return "";
    }
    return "?"
        + String.join(
            "&",
            request.getQueryStringParameterList().stream()
                .map(p -> p.getName().getValue() + "=" + p.getValues().getFirst().getValue())
                .sorted()
                .toList());
  }

  public String plainLog(String logUrl) {
    return get(URI.create(onThisPort(logUrl) + "/log")).body();
  }

  /** The port is chosen when the server starts, so links to the default port are read on ours. */
  String onThisPort(String url) {
    return at(URI.create(url).getRawPath()).toString();
  }

  @Override
  public void close() {
    server.ifPresent(Server::close);
    services.stop();
    browser.close();
  }
}
