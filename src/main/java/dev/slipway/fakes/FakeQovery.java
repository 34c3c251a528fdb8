package dev.slipway.fakes;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Qovery with one service, an application or a job, which has been deployed once before. Like the
 * real one it shows that old deploy as long as a new request waits, merges requests that wait, and
 * deploys one after another.
 */
public final class FakeQovery implements AutoCloseable {
  private static final String OLD_COMMIT = "9b1c0f7e".repeat(5);

  private final Secret token;
  private final QoveryBodies bodies;
  private final InstantSource clock;
  private final Consumer<FakeEvent> listener;
  private final List<FakeQoveryRequest> requests = new ArrayList<>();
  private final RequestRouter routes;
  private final LoopbackServer server;
  private Duration queueing = Duration.ZERO;
  private Duration length = Duration.ofSeconds(3);

  private FakeQovery(
      Secret token, QoveryBodies bodies, InstantSource clock, Consumer<FakeEvent> listener) {
    this.token = token;
    this.bodies = bodies;
    this.clock = clock;
    this.listener = listener;
    Instant old = clock.instant().minus(Duration.ofDays(1));
    requests.add(
        new FakeQoveryRequest(id(1), 1, OLD_COMMIT, old, old, Duration.ofMinutes(2), null));
    String service = "/" + bodies.kind() + "/" + bodies.service();
    this.routes =
        new RequestRouter()
            .on("POST", service + "/deploy", (request, _) -> deploy(request))
            .on("GET", service, (_, _) -> FakeResponse.json(200, bodies.service(deployed())))
            .on("GET", service + "/status", (_, _) -> status())
            .on("GET", service + "/link", (_, _) -> FakeResponse.json(200, bodies.links()))
            .on("GET", service + "/deploymentHistoryV2", (_, _) -> history())
            .on("GET", "/service/" + bodies.service() + "/deploymentQueue", (_, _) -> queue())
            .on("GET", "/environment/deploymentStatus", (request, _) -> byRequest(request))
            .on(
                "GET",
                "/environment/" + QoveryBodies.ENVIRONMENT,
                (_, _) -> FakeResponse.json(200, QoveryBodies.environment()))
            .on("POST", "/deploymentQueue/*/cancelDeployment", (_, parts) -> cancel(parts));
    this.server = new LoopbackServer(this::answer);
  }

  public static FakeQovery withApplication(
      String id, Secret token, InstantSource clock, Consumer<FakeEvent> listener) {
    return new FakeQovery(token, new QoveryBodies("application", id), clock, listener);
  }

  public static FakeQovery withJob(
      String id, Secret token, InstantSource clock, Consumer<FakeEvent> listener) {
    return new FakeQovery(token, new QoveryBodies("job", id), clock, listener);
  }

  /** What {@code QOVERY_API_URL} has to be. */
  public URI address() {
    return server.address();
  }

  /** Sets how long requests from now on wait, and how long their deploys take. */
  public synchronized void deploysTake(Duration queueing, Duration length) {
    this.queueing = queueing;
    this.length = length;
  }

  /** Where the newest request is; empty before the first. */
  public synchronized String phase() {
    return requests.size() == 1 ? "" : newest().state(now());
  }

  /** The id of the newest request. */
  public synchronized String requestId() {
    return newest().id();
  }

  /** The commit that runs. */
  public synchronized String deployed() {
    return requests.reversed().stream()
        .filter(request -> request.isLive(now()))
        .findFirst()
        .map(FakeQoveryRequest::version)
        .orElse(OLD_COMMIT);
  }

  private synchronized FakeResponse answer(FakeRequest request) {
    String scheme = request.header("Authorization").replaceFirst("^(?i:token|bearer) ", "");
    if (token.matches(scheme)) {
      return routes.answer(request);
    }
    listener.accept(new FakeEvent.ResponseSent(false, "401", ""));
    return FakeResponse.json(
        401, JsonBodies.object().put("status", 401).put("message", "Unauthorized"));
  }

  private FakeResponse deploy(FakeRequest request) {
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
    FakeQoveryRequest taken = enqueue(version);
    listener.accept(new FakeEvent.ResponseSent(true, "202 QUEUED", taken.id()));
    ObjectNode status = taken.status(bodies.service(), now()).put("state", "QUEUED");
    return FakeResponse.json(202, status);
  }

  private FakeQoveryRequest enqueue(String version) {
    if (newest().isQueued(now())) {
      requests.add(requests.removeLast().mergedWith(version));
      return newest();
    }
    Instant free = newest().isOver(now()) ? now() : newest().ends();
    int number = requests.size() + 1;
    requests.add(
        new FakeQoveryRequest(
            id(number), number, version, now(), free.plus(queueing), length, null));
    return newest();
  }

  private FakeResponse status() {
    FakeQoveryRequest shown =
        requests.reversed().stream()
            .filter(request -> !request.isQueued(now()))
            .findFirst()
            .orElseThrow();
    if (shown.number() > 1 && shown.isOver(now())) {
      String state = shown.state(now());
      listener.accept(new FakeEvent.ResponseSent(shown.isLive(now()), state, ""));
    }
    return FakeResponse.json(200, shown.status(bodies.service(), now()));
  }

  private FakeResponse byRequest(FakeRequest asked) {
    return find(asked.query("deploymentRequestId"))
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

  private FakeResponse queue() {
    Instant now = now();
    List<FakeQoveryRequest> waiting =
        requests.stream().filter(request -> request.isQueued(now)).toList();
    return FakeResponse.json(200, bodies.queue(waiting, now));
  }

  private FakeResponse history() {
    Instant now = now();
    List<FakeQoveryRequest> begun =
        requests.reversed().stream().filter(request -> !request.isQueued(now)).toList();
    return FakeResponse.json(200, bodies.history(begun, now));
  }

  private FakeResponse cancel(List<String> parts) {
    Optional<FakeQoveryRequest> asked = find(parts.getFirst());
    if (asked.isEmpty()) {
      return notFound();
    }
    if (asked.get().isOver(now())) {
      return FakeResponse.json(409, JsonBodies.object().put("message", "Nothing to cancel"));
    }
    Instant now = now();
    UnaryOperator<FakeQoveryRequest> cancel =
        request -> request.equals(asked.get()) ? request.cancelledAt(now) : request;
    requests.replaceAll(cancel);
    return FakeResponse.json(202, JsonBodies.object());
  }

  private Optional<FakeQoveryRequest> find(String id) {
    return requests.stream().filter(request -> request.id().equals(id)).findFirst();
  }

  private FakeQoveryRequest newest() {
    return requests.getLast();
  }

  private Instant now() {
    return clock.instant();
  }

  private String id(int number) {
    byte[] seed = (bodies.service() + "/" + number).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(seed).toString();
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
