package dev.slipway.fakes;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Render with one web service: its deploy hook and its API. A newer deploy cancels one that still
 * runs, which is Render's default.
 */
public final class FakeRender implements AutoCloseable {
  private static final String SERVICE = "/v1/services/";
  private static final String UNKNOWN_TIP = "0".repeat(40);

  private final Account account;
  private final InstantSource clock;
  private final Consumer<FakeEvent> listener;
  private final List<FakeRenderDeploy> deploys = new ArrayList<>();
  private final RequestRouter routes;
  private final LoopbackServer server;
  private Mode mode = Mode.GOOD;
  private Duration length = Duration.ofSeconds(3);

  /** What kind of day Render has. */
  public enum Mode {
    GOOD,
    /** Answers 401 to everything, as if the keys had been replaced. */
    REFUSING,
    FAILING_BUILD
  }

  /**
   * The service and the two keys to it.
   *
   * @param serviceId {@code srv-…}
   */
  public record Account(String serviceId, Secret hookKey, Secret apiKey) {}

  public FakeRender(Account account, InstantSource clock, Consumer<FakeEvent> listener) {
    this.account = account;
    this.clock = clock;
    this.listener = listener;
    String service = SERVICE + account.serviceId();
    this.routes =
        new RequestRouter()
            .on("POST", service + "/deploys", (request, _) -> byApi(request))
            .on("GET", service + "/deploys", (request, _) -> list(request))
            .on("GET", service + "/deploys/*", (_, parts) -> show(parts.getFirst()))
            .on("POST", service + "/deploys/*/cancel", (_, parts) -> cancel(parts.getFirst()))
            .on("GET", service + "/events", (request, _) -> events(request))
            .on("GET", service, (_, _) -> FakeResponse.json(200, service()));
    this.server = new LoopbackServer(this::answer);
  }

  /** What {@code RENDER_API_URL} has to be. */
  public URI address() {
    return server.address();
  }

  /** What {@code RENDER_DEPLOY_HOOK_URL} has to be. */
  public Secret hook() {
    return new Secret(
        address() + "/deploy/" + account.serviceId() + "?key=" + account.hookKey().reveal());
  }

  /** Sets what happens from now on. */
  public synchronized void mode(Mode mode) {
    this.mode = mode;
  }

  /** Sets how long deploys take that start from now on. */
  public synchronized void deploysTake(Duration length) {
    this.length = length;
  }

  /** Where the newest deploy is; empty before the first. */
  public synchronized String phase() {
    return deploys.isEmpty() ? "" : status(deploys.getLast());
  }

  /** The commits that were asked for, oldest first. */
  public synchronized List<String> commits() {
    return deploys.stream().map(FakeRenderDeploy::commit).toList();
  }

  /** The ids of all deploys, oldest first. */
  public synchronized List<String> ids() {
    return deploys.stream().map(FakeRenderDeploy::id).toList();
  }

  private synchronized FakeResponse answer(FakeRequest request) {
    if (request.uri().getPath().equals("/deploy/" + account.serviceId())) {
      return byHook(request);
    }
    boolean known =
        mode != Mode.REFUSING
            && ("Bearer " + account.apiKey().reveal()).equals(request.header("Authorization"));
    return known ? routes.answer(request) : refused("the API");
  }

  private FakeResponse byHook(FakeRequest request) {
    String commit = request.query("ref");
    listener.accept(new FakeEvent.RequestReceived("deploy hook", "commit " + shortened(commit)));
    if (mode == Mode.REFUSING || !account.hookKey().matches(request.query("key"))) {
      return refused("the hook");
    }
    FakeRenderDeploy deploy = start(commit, "deploy_hook");
    listener.accept(new FakeEvent.ResponseSent(true, "200", deploy.id()));
    ObjectNode body = JsonBodies.object();
    body.putObject("deploy").put("id", deploy.id());
    return FakeResponse.json(200, body);
  }

  private FakeResponse byApi(FakeRequest request) {
    String commit = request.json().path("commitId").asString("");
    listener.accept(new FakeEvent.RequestReceived("API: deploy", "commit " + shortened(commit)));
    FakeRenderDeploy deploy = start(commit, "api");
    listener.accept(new FakeEvent.ResponseSent(true, "201", deploy.id()));
    return FakeResponse.json(201, deploy.json(status(deploy), clock.instant()));
  }

  private FakeResponse refused(String where) {
    listener.accept(new FakeEvent.ResponseSent(false, "401 from " + where, ""));
    return FakeResponse.json(
        401,
        JsonBodies.object().put("id", "err-" + account.serviceId()).put("message", "Unauthorized"));
  }

  private FakeRenderDeploy start(String commit, String trigger) {
    Instant now = clock.instant();
    String id = "dep-d4k2m%05dq21c73e9sc".formatted(deploys.size() + 1);
    deploys.replaceAll(deploy -> deploy.cancelledAt(now, id));
    StateSchedule walk =
        mode == Mode.FAILING_BUILD
            ? FakeRenderDeploy.failing(length)
            : FakeRenderDeploy.good(length);
    FakeRenderDeploy deploy =
        new FakeRenderDeploy(
            id, commit.isEmpty() ? UNKNOWN_TIP : commit, trigger, now, walk, null, null);
    deploys.add(deploy);
    return deploy;
  }

  private String status(FakeRenderDeploy deploy) {
    Instant now = clock.instant();
    String status = deploy.status(now);
    boolean replaced =
        deploys.stream()
            .skip(deploys.indexOf(deploy) + 1L)
            .anyMatch(newer -> newer.status(now).equals("live"));
    return status.equals("live") && replaced ? "deactivated" : status;
  }

  private FakeResponse list(FakeRequest request) {
    Instant after = instant(request.query("createdAfter"));
    ArrayNode rows = JsonBodies.array();
    deploys.reversed().stream()
        .filter(deploy -> deploy.created().isAfter(after))
        .forEach(
            deploy ->
                rows.addObject()
                    .put("cursor", deploy.id())
                    .set("deploy", deploy.json(status(deploy), clock.instant())));
    return FakeResponse.json(200, rows);
  }

  private FakeResponse show(String id) {
    return find(id)
        .map(
            deploy -> {
              String status = status(deploy);
              if (deploy.isOver(clock.instant())) {
                listener.accept(new FakeEvent.ResponseSent(!status.endsWith("failed"), status, ""));
              }
              return FakeResponse.json(200, deploy.json(status, clock.instant()));
            })
        .orElseGet(FakeRender::notFound);
  }

  private FakeResponse cancel(String id) {
    listener.accept(new FakeEvent.RequestReceived("API: cancel", ""));
    Instant now = clock.instant();
    Predicate<FakeRenderDeploy> asked = deploy -> deploy.id().equals(id);
    deploys.replaceAll(deploy -> asked.test(deploy) ? deploy.cancelledAt(now, null) : deploy);
    return find(id)
        .map(deploy -> FakeResponse.json(200, deploy.json(status(deploy), now)))
        .orElseGet(FakeRender::notFound);
  }

  private FakeResponse events(FakeRequest request) {
    Instant after = instant(request.query("startTime"));
    ArrayNode rows = JsonBodies.array();
    deploys.reversed().stream()
        .flatMap(deploy -> deploy.events(clock.instant()).stream())
        .filter(event -> Instant.parse(event.path("timestamp").asString()).isAfter(after))
        .forEach(
            event ->
                rows.addObject()
                    .put("cursor", event.path("id").asString())
                    .set("event", event.put("serviceId", account.serviceId())));
    return FakeResponse.json(200, rows);
  }

  private ObjectNode service() {
    String id = account.serviceId();
    ObjectNode service =
        JsonBodies.object()
            .put("id", id)
            .put("name", "hello-world")
            .put("ownerId", "tea-cph1rs3idesc73a2b2mg")
            .put("type", "web_service")
            .put("autoDeploy", "no")
            .put("branch", "main")
            .put("repo", "https://github.com/" + FakeGitHub.REPOSITORY)
            .put("suspended", "not_suspended")
            .put("dashboardUrl", "https://dashboard.render.com/web/" + id);
    service.putObject("serviceDetails").put("url", "https://hello-world.onrender.com");
    return service;
  }

  private Optional<FakeRenderDeploy> find(String id) {
    return deploys.stream().filter(deploy -> deploy.id().equals(id)).findFirst();
  }

  private static Instant instant(String text) {
    return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
  }

  private static String shortened(String commit) {
    return commit.substring(0, Math.min(7, commit.length()));
  }

  private static FakeResponse notFound() {
    return FakeResponse.json(
        404, JsonBodies.object().put("id", "err-404").put("message", "Not Found"));
  }

  @Override
  public void close() {
    server.close();
  }
}
