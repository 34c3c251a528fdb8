package dev.slipway.fakes;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;

/**
 * Qovery with services, each an application or a job which has been deployed once before. Like the
 * real one it shows that old deploy as long as a new request waits, merges requests that wait, and
 * deploys one after another. What becomes of deploys is scripted. Safe for use by many threads.
 */
public final class FakeQovery implements AutoCloseable {
  private static final int PAGE = 20;

  private final Secret token;
  private final InstantSource clock;
  private final Consumer<FakeEvent> listener;
  private final Map<String, FakeQoveryService> services = new HashMap<>();
  private final RequestRouter routes = new RequestRouter();
  private final LoopbackServer server;
  private Script script = _ -> succeeding(Duration.ofSeconds(3));

  /** Decides what becomes of a deployment request when it is accepted. */
  public interface Script {
    /** The states that a deploy of this version goes through when it has left the queue. */
    StateSchedule schedule(String version);

    /** How long a request waits although nothing is before it. */
    default Duration queueing() {
      return Duration.ZERO;
    }
  }

  /** Starts a Qovery without services, to which every call arrives. */
  public FakeQovery(Secret token, InstantSource clock, Consumer<FakeEvent> listener) {
    this(token, clock, listener, NetworkBehavior.RELIABLE);
  }

  /** Starts a Qovery without services, behind a network. */
  public FakeQovery(
      Secret token, InstantSource clock, Consumer<FakeEvent> listener, NetworkBehavior network) {
    this.token = token;
    this.clock = clock;
    this.listener = listener;
    routes
        .on("GET", "/environment/deploymentStatus", (request, _) -> byRequest(request))
        .on(
            "GET",
            "/environment/" + QoveryBodies.ENVIRONMENT,
            (_, _) -> FakeResponse.json(200, QoveryBodies.environment()))
        .on(
            "GET",
            "/environment/" + QoveryBodies.ENVIRONMENT + "/logs",
            (request, _) -> logs(request))
        .on("POST", "/deploymentQueue/*/cancelDeployment", (_, parts) -> cancel(parts.getFirst()));
    this.server = new LoopbackServer(this::answer, network);
  }

  /** A deploy that is built and rolled out. */
  public static StateSchedule succeeding(Duration length) {
    Duration build = length.multipliedBy(3).dividedBy(5);
    return StateSchedule.of(
        List.of(
            new StateSchedule.Stage("BUILDING", build),
            new StateSchedule.Stage("DEPLOYING", length.minus(build))),
        "DEPLOYED");
  }

  /** A deploy whose build fails. */
  public static StateSchedule failingBuild(Duration length) {
    return StateSchedule.of(List.of(new StateSchedule.Stage("BUILDING", length)), "BUILD_ERROR");
  }

  /** Adds an application. */
  public synchronized FakeQovery withApplication(String id) {
    Instant yesterday = now().minus(Duration.ofDays(1));
    FakeQoveryService service = new FakeQoveryService(new QoveryBodies(id), yesterday);
    services.put(id, service);
    String path = "/application/" + id;
    routes
        .on("POST", path + "/deploy", (request, _) -> deploy(request, service))
        .on("GET", path, (_, _) -> service.body(now()))
        .on("GET", path + "/status", (_, _) -> status(service))
        .on("GET", path + "/link", (_, _) -> service.links())
        .on("GET", path + "/deploymentHistoryV2", (request, _) -> history(request, service))
        .on("GET", "/service/" + id + "/deploymentQueue", (_, _) -> service.queue(now()));
    return this;
  }

  /** The value for {@code QOVERY_API_URL}. */
  public URI address() {
    return server.address();
  }

  /** Sets what becomes of requests that come from now on. */
  public synchronized void script(Script script) {
    this.script = script;
  }

  /** The state of a service's newest request; empty before the first. */
  public synchronized String state(String service) {
    FakeQoveryService one = service(service);
    return one.isUntouched() ? "" : one.newest().state(now());
  }

  /** The id of a service's newest request. */
  public synchronized String requestId(String service) {
    return service(service).newest().id();
  }

  /** The commit that runs in a service. */
  public synchronized String deployed(String service) {
    return service(service).deployed(now());
  }

  private FakeQoveryService service(String id) {
    return Optional.ofNullable(services.get(id))
        .orElseThrow(() -> new IllegalArgumentException("no service " + id));
  }

  private synchronized FakeResponse answer(FakeRequest request) {
    String credentials = request.header("Authorization").replaceFirst("^(?i:token|bearer) ", "");
    if (token.matches(credentials)) {
      return routes.answer(request);
    }
    listener.accept(new FakeEvent.ResponseSent(false, "401", ""));
    return FakeResponse.json(
        401, JsonBodies.object().put("status", 401).put("message", "Unauthorized"));
  }

  private FakeResponse deploy(FakeRequest request, FakeQoveryService service) {
    String version =
        Stream.of("git_commit_id", "image_tag")
            .map(field -> request.json().path(field).asString(""))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    listener.accept(
        new FakeEvent.RequestReceived(
            "API: deploy", "commit " + version.substring(0, Math.min(7, version.length()))));
    if (version.isEmpty()) {
      listener.accept(new FakeEvent.ResponseSent(false, "400", ""));
      return FakeResponse.json(
          400, JsonBodies.object().put("message", "git_commit_id is required"));
    }
    FakeQoveryRequest accepted =
        service.request(version, script.schedule(version), script.queueing(), now());
    listener.accept(
        new FakeEvent.DeployCreated(
            accepted.id(), version, "api", accepted.asked(), accepted.ends()));
    listener.accept(new FakeEvent.ResponseSent(true, "202 QUEUED", accepted.id()));
    return service.created(accepted, now());
  }

  private FakeResponse status(FakeQoveryService service) {
    FakeQoveryRequest shown = service.shown(now());
    if (shown.number() > 1 && shown.isOver(now())) {
      listener.accept(new FakeEvent.ResponseSent(shown.isLive(now()), shown.state(now()), ""));
    }
    return service.status(now());
  }

  private FakeResponse history(FakeRequest request, FakeQoveryService service) {
    String size = request.query("pageSize");
    return service.history(size.matches("\\d{1,6}") ? Integer.parseInt(size) : PAGE, now());
  }

  private FakeResponse byRequest(FakeRequest asked) {
    String id = asked.query("deploymentRequestId");
    return services.values().stream()
        .flatMap(service -> service.find(id).stream())
        .findFirst()
        .map(
            request ->
                FakeResponse.json(
                    200,
                    JsonBodies.object()
                        .put("deployment_request_id", request.id())
                        .put("environment_id", QoveryBodies.ENVIRONMENT)
                        .put("status", request.state(now()))))
        .orElseGet(FakeQovery::notFound);
  }

  private FakeResponse logs(FakeRequest asked) {
    ArrayNode rows = JsonBodies.array();
    services
        .values()
        .forEach(service -> service.log(asked.query("version"), now()).forEach(rows::add));
    return FakeResponse.json(200, rows);
  }

  private FakeResponse cancel(String id) {
    for (FakeQoveryService service : services.values()) {
      Optional<FakeQoveryRequest> request = service.find(id);
      if (request.isPresent()) {
        Instant now = now();
        boolean isOver = request.get().isOver(now);
        listener.accept(new FakeEvent.CancelReceived(id, request.get().version(), !isOver, now));
        if (isOver) {
          return FakeResponse.json(409, JsonBodies.object().put("message", "Nothing to cancel"));
        }
        service.cancel(id, now);
        return FakeResponse.json(202, JsonBodies.object());
      }
    }
    return notFound();
  }

  private Instant now() {
    return clock.instant();
  }

  private static FakeResponse notFound() {
    return FakeResponse.json(
        404, JsonBodies.object().put("status", 404).put("message", "Not Found"));
  }

  @Override
  public void close() {
    server.close();
  }
}
