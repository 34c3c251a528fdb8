package dev.slipway.fakes;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GitHub, as far as deployments go: accepts them and their statuses over its REST API, and delivers
 * a signed event for each. Like the real one, it never delivers again by itself. Safe for use by
 * many threads.
 */
public final class FakeGitHub implements AutoCloseable {
  /** The repository that is always there. */
  public static final String REPOSITORY = "octo-org/hello-world";

  /** How long GitHub waits for the answer to a delivery. */
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

  /** Does not fit into 32 bits, as the real one's ids will not one day. */
  private static final long FIRST_ID = 4_296_412_801L;

  private final Secret token;
  private final Secret webhookSecret;
  private final InstantSource clock;
  private final Consumer<FakeEvent> listener;
  private final Map<String, FakeRepository> repositories = new ConcurrentHashMap<>();
  private final Map<String, String> heads = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Long, FakeDeployment> deployments =
      new ConcurrentSkipListMap<>();
  private final AtomicLong ids = new AtomicLong(FIRST_ID);
  private volatile LongSupplier deploymentIds = ids::getAndIncrement;
  private final RequestRouter routes = routes();
  private final LoopbackClient caller = new LoopbackClient();
  private final LoopbackServer server;
  private volatile @Nullable URI payloadUrl;

  /** Starts a GitHub to which every call arrives. */
  public FakeGitHub(
      Secret token, Secret webhookSecret, InstantSource clock, Consumer<FakeEvent> listener) {
    this(token, webhookSecret, clock, listener, NetworkBehavior.RELIABLE);
  }

  /**
   * Starts a GitHub behind a network.
   *
   * @param token what every caller of the API has to bear
   * @param webhookSecret signs the deliveries
   */
  public FakeGitHub(
      Secret token,
      Secret webhookSecret,
      InstantSource clock,
      Consumer<FakeEvent> listener,
      NetworkBehavior network) {
    this.token = token;
    this.webhookSecret = webhookSecret;
    this.clock = clock;
    this.listener = listener;
    add(new FakeRepository(REPOSITORY, 1_296_269));
    this.server = new LoopbackServer(this::answer, network);
  }

  private RequestRouter routes() {
    String repository = "/repos/*/*";
    String deployment = repository + "/deployments/*";
    return new RequestRouter()
        .on("POST", repository + "/deployments", in(this::create))
        .on("GET", repository + "/deployments", in(this::list))
        .on("GET", repository + "/commits/*", in((_, _, parts) -> commit(parts.getLast())))
        .on("GET", repository, in((_, of, _) -> show(of)))
        .on("GET", deployment, of((_, one, _) -> FakeResponse.json(200, bodies().deployment(one))))
        .on("POST", deployment + "/statuses", of((request, one, _) -> post(request, one)))
        .on("GET", deployment + "/statuses", of(this::statuses))
        .on("GET", deployment + "/statuses/*", of(this::status));
  }

  /** Answers a request about something that exists. */
  private interface Route<T> {
    FakeResponse answer(FakeRequest request, T about, List<String> parts);
  }

  private RequestRouter.Route in(Route<FakeRepository> route) {
    return (request, parts) -> {
      FakeRepository repository = repositories.get(parts.get(0) + "/" + parts.get(1));
      return repository == null ? notFound() : route.answer(request, repository, parts);
    };
  }

  private RequestRouter.Route of(Route<FakeDeployment> route) {
    return (request, parts) -> {
      String repository = parts.get(0) + "/" + parts.get(1);
      return find(parts.get(2))
          .filter(one -> one.repository().fullName().equals(repository))
          .map(one -> route.answer(request, one, parts))
          .orElseGet(FakeGitHub::notFound);
    };
  }

  /** The value for {@code GITHUB_API_URL}. */
  public URI address() {
    return server.address();
  }

  /** Sets the webhook's payload URL. Without one, created deployments are not delivered. */
  public void deliverTo(URI payloadUrl) {
    this.payloadUrl = payloadUrl;
  }

  /** Adds a repository. */
  public void add(FakeRepository repository) {
    repositories.put(repository.fullName(), repository);
  }

  /** Sets where the ids of deployments come from that are created over the API. */
  public void numberDeployments(LongSupplier ids) {
    this.deploymentIds = ids;
  }

  /** Moves a branch or tag to a commit. */
  public void push(String ref, String sha) {
    heads.put(ref, sha);
  }

  /**
   * Creates a deployment of the main branch with an id of the caller's choice, without delivering
   * it. Does nothing if the id exists.
   */
  public void create(long id, String repository, String environment, String sha) {
    FakeRepository in =
        Optional.ofNullable(repositories.get(repository))
            .orElseThrow(() -> new IllegalArgumentException("no repository " + repository));
    var wanted = JsonBodies.object().put("ref", "main").put("environment", environment);
    FakeDeployment created =
        new FakeDeployment(id, in, sha, wanted, clock.instant(), UUID.randomUUID().toString());
    if (deployments.putIfAbsent(id, created) == null) {
      listener.accept(new FakeEvent.DeploymentCreated(id, environment, sha, ""));
    }
  }

  /** The statuses of a deployment in the order in which they came. */
  public List<FakeEvent.StatusCreated> statusesOf(long deployment) {
    return find(Long.toString(deployment)).stream()
        .flatMap(one -> one.statuses().stream())
        .map(FakeDeployment.Posted::status)
        .toList();
  }

  /**
   * Delivers the event of a deployment again, as a person can ask for in the webhook's settings.
   *
   * @throws IllegalArgumentException if there is no such deployment
   */
  public void redeliver(long deployment) {
    deliverInBackground(existing(deployment), true);
  }

  /**
   * Delivers the event of a deployment to an address and waits for the answer.
   *
   * @param guid of the delivery; another one than before is the delivery of another webhook
   */
  public FakeEvent.DeliveryAnswered deliver(
      URI payloadUrl, long deployment, String guid, Duration timeout) throws InterruptedException {
    var event = new GitHubWebhook.Event(deployment, guid, event(existing(deployment)));
    return new GitHubWebhook(payloadUrl, webhookSecret, caller, listener)
        .deliver(event, false, timeout);
  }

  private FakeDeployment existing(long deployment) {
    return find(Long.toString(deployment))
        .orElseThrow(() -> new IllegalArgumentException("no deployment " + deployment));
  }

  private FakeResponse answer(FakeRequest request) {
    String bearer = request.header("Authorization").replaceFirst("^(?i:bearer|token) ", "");
    return token.matches(bearer)
        ? routes.answer(request)
        : GitHubProblem.of(401, "Bad credentials");
  }

  private FakeResponse create(FakeRequest request, FakeRepository in, List<String> parts) {
    JsonNode wanted = request.json();
    String ref = wanted.path("ref").asString("");
    Optional<String> sha = resolve(ref);
    if (sha.isEmpty()) {
      return GitHubProblem.of(422, "No ref found for: " + ref);
    }
    FakeDeployment created =
        new FakeDeployment(
            deploymentIds.getAsLong(),
            in,
            sha.get(),
            wanted,
            clock.instant(),
            UUID.randomUUID().toString());
    deployments.put(created.id(), created);
    listener.accept(
        new FakeEvent.DeploymentCreated(
            created.id(), created.environment(), sha.get(), created.description()));
    return FakeResponse.json(201, bodies().deployment(created))
        .with("Location", bodies().deploymentUrl(created))
        .then(() -> deliverInBackground(created, false));
  }

  private Optional<String> resolve(String ref) {
    return ref.matches("[0-9a-f]{40}") ? Optional.of(ref) : Optional.ofNullable(heads.get(ref));
  }

  private ObjectNode event(FakeDeployment deployment) {
    return bodies().event(deployment, clock.instant());
  }

  private void deliverInBackground(FakeDeployment deployment, boolean redelivery) {
    URI to = payloadUrl;
    if (to != null) {
      var event = new GitHubWebhook.Event(deployment.id(), deployment.guid(), event(deployment));
      var webhook = new GitHubWebhook(to, webhookSecret, caller, listener);
      Thread.ofVirtual()
          .name("delivery-" + deployment.id())
          .start(() -> deliver(webhook, event, redelivery));
    }
  }

  private static void deliver(
      GitHubWebhook webhook, GitHubWebhook.Event event, boolean redelivery) {
    try {
      FakeEvent.DeliveryAnswered _ = webhook.deliver(event, redelivery, DELIVERY_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private FakeResponse list(FakeRequest request, FakeRepository in, List<String> parts) {
    Stream<FakeDeployment> found =
        deployments.descendingMap().values().stream()
            .filter(one -> one.repository().equals(in))
            .filter(one -> matches(request.query("sha"), one.sha()))
            .filter(one -> matches(request.query("ref"), one.ref()))
            .filter(one -> matches(request.query("task"), one.task()))
            .filter(one -> matches(request.query("environment"), one.environment()));
    return page(request, found, bodies()::deployment);
  }

  private static boolean matches(String wanted, String actual) {
    return wanted.isEmpty() || wanted.equals("none") || wanted.equals(actual);
  }

  private <T> FakeResponse page(FakeRequest request, Stream<T> all, Function<T, ObjectNode> body) {
    int size = Math.clamp(number(request.query("per_page"), 30), 1, 100);
    int page = Math.max(1, number(request.query("page"), 1));
    List<T> shown = all.skip((page - 1L) * size).limit(size + 1L).toList();
    var rows = JsonBodies.array();
    shown.stream().limit(size).map(body).forEach(rows::add);
    FakeResponse response = FakeResponse.json(200, rows);
    return shown.size() <= size
        ? response
        : response.with("Link", "<" + next(request, page + 1) + ">; rel=\"next\"");
  }

  private String next(FakeRequest request, int page) {
    String query = request.uri().getRawQuery();
    String others =
        query == null
            ? ""
            : Stream.of(query.split("&", -1))
                .filter(pair -> !pair.startsWith("page="))
                .map(pair -> pair + "&")
                .collect(Collectors.joining());
    return address() + request.uri().getRawPath() + "?" + others + "page=" + page;
  }

  private static int number(String text, int otherwise) {
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : otherwise;
  }

  private FakeResponse show(FakeRepository repository) {
    return FakeResponse.json(200, bodies().repository(repository, clock.instant()));
  }

  private FakeResponse post(FakeRequest request, FakeDeployment deployment) {
    JsonNode wanted = request.json();
    Optional<FakeResponse> problem = GitHubProblem.withStatus(wanted);
    if (problem.isPresent()) {
      String reason = JsonBodies.read(problem.get().body()).at("/errors/0/message").asString();
      listener.accept(
          new FakeEvent.StatusRejected(deployment.id(), problem.get().status(), reason));
      return problem.get();
    }
    FakeDeployment.Posted posted = add(wanted, deployment);
    ObjectNode body = bodies().status(deployment, posted);
    return FakeResponse.json(201, body).with("Location", body.path("url").asString());
  }

  /** Adds a status. The listener hears of a deployment's statuses in their order. */
  private FakeDeployment.Posted add(JsonNode wanted, FakeDeployment deployment) {
    synchronized (deployment.statuses()) {
      var created =
          new FakeEvent.StatusCreated(
              deployment.id(),
              ids.getAndIncrement(),
              wanted.path("state").asString(),
              wanted.path("description").asString(""),
              wanted.path("log_url").asString(wanted.path("target_url").asString("")),
              wanted.path("environment_url").asString(""));
      var posted = new FakeDeployment.Posted(created, clock.instant());
      deployment.statuses().add(posted);
      listener.accept(created);
      return posted;
    }
  }

  private FakeResponse statuses(
      FakeRequest request, FakeDeployment deployment, List<String> parts) {
    return page(
        request,
        List.copyOf(deployment.statuses()).reversed().stream(),
        posted -> bodies().status(deployment, posted));
  }

  private FakeResponse status(FakeRequest request, FakeDeployment deployment, List<String> parts) {
    return deployment.statuses().stream()
        .filter(posted -> Long.toString(posted.status().id()).equals(parts.getLast()))
        .findFirst()
        .map(posted -> FakeResponse.json(200, bodies().status(deployment, posted)))
        .orElseGet(FakeGitHub::notFound);
  }

  private FakeResponse commit(String ref) {
    return resolve(ref)
        .map(sha -> FakeResponse.json(200, JsonBodies.object().put("sha", sha)))
        .orElseGet(() -> GitHubProblem.of(422, "No commit found for SHA: " + ref));
  }

  private Optional<FakeDeployment> find(String id) {
    return id.matches("\\d{1,18}")
        ? Optional.ofNullable(deployments.get(Long.parseLong(id)))
        : Optional.empty();
  }

  private GitHubBodies bodies() {
    return new GitHubBodies(address());
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
