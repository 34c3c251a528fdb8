package dev.slipway.fakes;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GitHub, as far as deployments of one repository go: takes them and their statuses over its REST
 * API, and delivers a signed event for each. Like the real one, it never delivers again by itself.
 */
public final class FakeGitHub implements AutoCloseable {
  /** The one repository there is. */
  public static final String REPOSITORY = "octo-org/hello-world";

  /** Does not fit into 32 bits, as the real one's ids will not one day. */
  private static final long FIRST_ID = 4_296_412_801L;

  private static final String OURS = "/repos/" + REPOSITORY;

  private final Secret token;
  private final Secret webhookSecret;
  private final InstantSource clock;
  private final Consumer<FakeEvent> listener;
  private final Map<String, String> heads = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Long, Kept> deployments = new ConcurrentSkipListMap<>();
  private final AtomicLong ids = new AtomicLong(FIRST_ID);
  private final RequestRouter routes = routes();
  private final LoopbackClient caller = new LoopbackClient();
  private final LoopbackServer server = new LoopbackServer(this::answer);
  private volatile @Nullable URI payloadUrl;

  /** A deployment and its statuses, oldest first. */
  private record Kept(ObjectNode body, String guid, List<Posted> statuses) {
    long id() {
      return body.path("id").asLong();
    }
  }

  private record Posted(FakeEvent.StatusCreated reported, ObjectNode body) {}

  /**
   * @param token what everybody who calls the API has to bear
   * @param webhookSecret signs the deliveries
   */
  public FakeGitHub(
      Secret token, Secret webhookSecret, InstantSource clock, Consumer<FakeEvent> listener) {
    this.token = token;
    this.webhookSecret = webhookSecret;
    this.clock = clock;
    this.listener = listener;
  }

  private RequestRouter routes() {
    return new RequestRouter()
        .on("POST", OURS + "/deployments", (request, _) -> create(request))
        .on("GET", OURS + "/deployments", (request, _) -> list(request))
        .on("GET", OURS + "/deployments/*", (_, parts) -> show(parts))
        .on("POST", OURS + "/deployments/*/statuses", this::post)
        .on("GET", OURS + "/deployments/*/statuses", this::statuses)
        .on("GET", OURS + "/deployments/*/statuses/*", (_, parts) -> status(parts))
        .on("GET", OURS + "/commits/*", (_, parts) -> commit(parts.getFirst()))
        .on("GET", OURS, (_, _) -> FakeResponse.json(200, bodies().repository(clock.instant())));
  }

  /** What {@code GITHUB_API_URL} has to be. */
  public URI address() {
    return server.address();
  }

  /** Sets the webhook's payload URL. Without one, events are made and go nowhere. */
  public void deliverTo(URI payloadUrl) {
    this.payloadUrl = payloadUrl;
  }

  /** Moves a branch or tag to a commit. */
  public void push(String ref, String sha) {
    heads.put(ref, sha);
  }

  /** The statuses of a deployment in the order in which they came. */
  public List<FakeEvent.StatusCreated> statusesOf(long deployment) {
    return find(Long.toString(deployment)).stream()
        .flatMap(kept -> kept.statuses().stream())
        .map(Posted::reported)
        .toList();
  }

  /**
   * Delivers the event of a deployment again, as a person can ask for in the webhook's settings.
   *
   * @throws IllegalArgumentException if there is no such deployment
   */
  public void redeliver(long deployment) {
    Kept kept =
        find(Long.toString(deployment))
            .orElseThrow(() -> new IllegalArgumentException("no deployment " + deployment));
    deliver(kept, true);
  }

  private FakeResponse answer(FakeRequest request) {
    String bearer = request.header("Authorization").replaceFirst("^(?i:bearer|token) ", "");
    return token.matches(bearer)
        ? routes.answer(request)
        : GitHubProblem.of(401, "Bad credentials");
  }

  private FakeResponse create(FakeRequest request) {
    JsonNode wanted = request.json();
    String ref = wanted.path("ref").asString("");
    Optional<String> sha = resolve(ref);
    if (sha.isEmpty()) {
      return GitHubProblem.of(422, "No ref found for: " + ref);
    }
    ObjectNode body =
        bodies().deployment(ids.getAndIncrement(), sha.get(), wanted, clock.instant());
    Kept kept = new Kept(body, UUID.randomUUID().toString(), new CopyOnWriteArrayList<>());
    deployments.put(kept.id(), kept);
    listener.accept(
        new FakeEvent.DeploymentCreated(kept.id(), body.path("environment").asString(), sha.get()));
    return FakeResponse.json(201, body)
        .with("Location", bodies().deploymentUrl(kept.id()))
        .then(() -> deliver(kept, false));
  }

  private Optional<String> resolve(String ref) {
    return ref.matches("[0-9a-f]{40}") ? Optional.of(ref) : Optional.ofNullable(heads.get(ref));
  }

  private void deliver(Kept kept, boolean again) {
    URI to = payloadUrl;
    if (to != null) {
      var event =
          new GitHubWebhook.Event(
              kept.id(), kept.guid(), bodies().event(kept.body(), clock.instant()));
      var webhook = new GitHubWebhook(to, webhookSecret, caller, listener);
      Thread.ofVirtual().name("delivery-" + kept.id()).start(() -> webhook.deliver(event, again));
    }
  }

  private FakeResponse list(FakeRequest request) {
    Stream<ObjectNode> bodies = deployments.descendingMap().values().stream().map(Kept::body);
    return page(
        request,
        bodies
            .filter(
                body ->
                    Stream.of("sha", "ref", "task", "environment")
                        .allMatch(field -> fits(request.query(field), body.path(field))))
            .toList());
  }

  private static boolean fits(String wanted, JsonNode actual) {
    return wanted.isEmpty() || wanted.equals("none") || wanted.equals(actual.asString());
  }

  private FakeResponse page(FakeRequest request, List<? extends JsonNode> all) {
    int size = Math.clamp(number(request.query("per_page"), 30), 1, 100);
    int page = Math.max(1, number(request.query("page"), 1));
    var rows = JsonBodies.array();
    all.stream().skip((page - 1L) * size).limit(size).forEach(rows::add);
    FakeResponse response = FakeResponse.json(200, rows);
    return (long) page * size >= all.size()
        ? response
        : response.with("Link", "<" + next(request, page + 1) + ">; rel=\"next\"");
  }

  private String next(FakeRequest request, int page) {
    String query = request.uri().getRawQuery();
    String kept =
        query == null
            ? ""
            : Stream.of(query.split("&", -1))
                .filter(pair -> !pair.startsWith("page="))
                .map(pair -> pair + "&")
                .collect(Collectors.joining());
    return address() + request.uri().getRawPath() + "?" + kept + "page=" + page;
  }

  private static int number(String text, int otherwise) {
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : otherwise;
  }

  private FakeResponse show(List<String> parts) {
    return find(parts.getFirst())
        .map(kept -> FakeResponse.json(200, kept.body()))
        .orElseGet(FakeGitHub::notFound);
  }

  private FakeResponse post(FakeRequest request, List<String> parts) {
    Optional<Kept> kept = find(parts.getFirst());
    return kept.isPresent() ? post(request.json(), kept.get()) : notFound();
  }

  private FakeResponse post(JsonNode wanted, Kept kept) {
    Optional<FakeResponse> problem = GitHubProblem.withStatus(wanted);
    if (problem.isPresent()) {
      String reason = JsonBodies.read(problem.get().body()).at("/errors/0/message").asString();
      listener.accept(new FakeEvent.StatusRejected(kept.id(), problem.get().status(), reason));
      return problem.get();
    }
    var reported =
        new FakeEvent.StatusCreated(
            kept.id(),
            ids.getAndIncrement(),
            wanted.path("state").asString(),
            wanted.path("description").asString(""),
            wanted.path("log_url").asString(wanted.path("target_url").asString("")),
            wanted.path("environment_url").asString(""));
    ObjectNode body = bodies().status(reported, kept.body(), clock.instant());
    kept.statuses().add(new Posted(reported, body));
    listener.accept(reported);
    return FakeResponse.json(201, body).with("Location", body.path("url").asString());
  }

  private FakeResponse statuses(FakeRequest request, List<String> parts) {
    return find(parts.getFirst())
        .map(kept -> page(request, newestFirst(kept)))
        .orElseGet(FakeGitHub::notFound);
  }

  private static List<ObjectNode> newestFirst(Kept kept) {
    return kept.statuses().reversed().stream().map(Posted::body).toList();
  }

  private FakeResponse status(List<String> parts) {
    return find(parts.getFirst()).stream()
        .flatMap(kept -> kept.statuses().stream())
        .filter(posted -> Long.toString(posted.reported().id()).equals(parts.getLast()))
        .findFirst()
        .map(posted -> FakeResponse.json(200, posted.body()))
        .orElseGet(FakeGitHub::notFound);
  }

  private FakeResponse commit(String ref) {
    return resolve(ref)
        .map(sha -> FakeResponse.json(200, JsonBodies.object().put("sha", sha)))
        .orElseGet(() -> GitHubProblem.of(422, "No commit found for SHA: " + ref));
  }

  private Optional<Kept> find(String id) {
    return id.matches("\\d{1,18}")
        ? Optional.ofNullable(deployments.get(Long.parseLong(id)))
        : Optional.empty();
  }

  private GitHubBodies bodies() {
    return new GitHubBodies(address(), REPOSITORY);
  }

  private static FakeResponse notFound() {
    return GitHubProblem.of(404, "Not Found");
  }

  @Override
  public void close() {
    server.close();
    caller.close();
  }
}
