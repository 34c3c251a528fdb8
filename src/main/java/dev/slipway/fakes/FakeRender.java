package dev.slipway.fakes;

import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Render with one web service: its deploy hook and its API. What becomes of its deploys is
 * scripted. Safe for use by many threads.
 */
public final class FakeRender implements AutoCloseable {
  private static final String UNKNOWN_TIP = "0".repeat(40);
  private static final String OWNER = "tea-cph1rs3idesc73a2b2mg";
  private static final int PAGE = 20;

  private final Account account;
  private final InstantSource clock;
  private final Consumer<FakeEvent> listener;
  private final List<FakeRenderDeploy> deploys = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private final RequestRouter routes;
  private final LoopbackServer server;
  private Script script = _ -> succeeding(Duration.ofSeconds(3));
  private boolean acceptsKeys = true;

  /**
   * The service and the two keys to it.
   *
   * @param serviceId {@code srv-…}
   */
  public record Account(String serviceId, Secret hookKey, Secret apiKey) {}

  /** Decides what becomes of a deploy when it is created. */
  public interface Script {
    /** The states that a deploy of this commit goes through. */
    StateSchedule schedule(String commit);

    /**
     * Whether a newer deploy takes the place of the older ones, as is Render's default: it cancels
     * those that are not over, and deactivates the live one.
     */
    default boolean replacesOlder() {
      return true;
    }
  }

  /** Starts a Render to which every call arrives. */
  public FakeRender(Account account, InstantSource clock, Consumer<FakeEvent> listener) {
    this(account, clock, listener, NetworkBehavior.RELIABLE);
  }

  /** Starts a Render behind a network. */
  public FakeRender(
      Account account, InstantSource clock, Consumer<FakeEvent> listener, NetworkBehavior network) {
    this.account = account;
    this.clock = clock;
    this.listener = listener;
    String service = "/v1/services/" + account.serviceId();
    this.routes =
        new RequestRouter()
            .on("POST", service + "/deploys", (request, _) -> createByApi(request))
            .on("GET", service + "/deploys", (request, _) -> list(request))
            .on("GET", service + "/deploys/*", (_, parts) -> show(parts.getFirst()))
            .on("POST", service + "/deploys/*/cancel", (_, parts) -> cancel(parts.getFirst()))
            .on("GET", service + "/events", (request, _) -> events(request))
            .on("GET", "/v1/logs", (request, _) -> logs(request))
            .on("GET", service, (_, _) -> FakeResponse.json(200, service()));
    this.server = new LoopbackServer(this::answer, network);
  }

  /** A deploy that is built and goes live. */
  public static StateSchedule succeeding(Duration length) {
    Duration build = length.multipliedBy(3).dividedBy(5);
    return StateSchedule.of(
        List.of(
            new StateSchedule.Stage("build_in_progress", build),
            new StateSchedule.Stage("update_in_progress", length.minus(build))),
        "live");
  }

  /** A deploy whose build fails. */
  public static StateSchedule failingBuild(Duration length) {
    return StateSchedule.of(
        List.of(new StateSchedule.Stage("build_in_progress", length)), "build_failed");
  }

  /** The value for {@code RENDER_API_URL}. */
  public URI address() {
    return server.address();
  }

  /** The value for {@code RENDER_DEPLOY_HOOK_URL}. */
  public Secret hook() {
    return new Secret(
        address() + "/deploy/" + account.serviceId() + "?key=" + account.hookKey().reveal());
  }

  /** Sets what becomes of deploys that are created from now on. */
  public synchronized void script(Script script) {
    this.script = script;
  }

  /** Sets whether the two keys are valid; others never are. */
  public synchronized void acceptKeys(boolean accept) {
    this.acceptsKeys = accept;
  }

  /** The state of the newest deploy; empty before the first. */
  public synchronized String state() {
    return deploys.isEmpty() ? "" : status(deploys.size() - 1);
  }

  /** The commits of all deploys, oldest first. */
  public synchronized List<String> commits() {
    return deploys.stream().map(FakeRenderDeploy::commit).toList();
  }

  /** The ids of all deploys, oldest first. */
  public synchronized List<String> ids() {
    return deploys.stream().map(FakeRenderDeploy::id).toList();
  }

  private synchronized FakeResponse answer(FakeRequest request) {
    if (request.uri().getPath().equals("/deploy/" + account.serviceId())) {
      return createByHook(request);
    }
    boolean known =
        acceptsKeys
            && ("Bearer " + account.apiKey().reveal()).equals(request.header("Authorization"));
    return known ? routes.answer(request) : unauthorized("the API");
  }

  private FakeResponse createByHook(FakeRequest request) {
    String commit = request.query("ref");
    listener.accept(new FakeEvent.RequestReceived("deploy hook", "commit " + shortened(commit)));
    if (!acceptsKeys || !account.hookKey().matches(request.query("key"))) {
      return unauthorized("the hook");
    }
    FakeRenderDeploy deploy = create(commit, "deploy_hook");
    listener.accept(new FakeEvent.ResponseSent(true, "200", deploy.id()));
    ObjectNode body = JsonBodies.object();
    body.putObject("deploy").put("id", deploy.id());
    return FakeResponse.json(200, body);
  }

  private FakeResponse createByApi(FakeRequest request) {
    String commit = request.json().path("commitId").asString("");
    listener.accept(new FakeEvent.RequestReceived("API: deploy", "commit " + shortened(commit)));
    FakeRenderDeploy deploy = create(commit, "api");
    listener.accept(new FakeEvent.ResponseSent(true, "201", deploy.id()));
    return FakeResponse.json(201, json(deploys.size() - 1));
  }

  private FakeResponse unauthorized(String where) {
    listener.accept(new FakeEvent.ResponseSent(false, "401 from " + where, ""));
    return FakeResponse.json(
        401,
        JsonBodies.object().put("id", "err-" + account.serviceId()).put("message", "Unauthorized"));
  }

  private FakeRenderDeploy create(String commit, String trigger) {
    Instant now = clock.instant();
    String id = "dep-d4k2m%05dq21c73e9sc".formatted(deploys.size() + 1);
    if (script.replacesOlder()) {
      deploys.replaceAll(deploy -> deploy.cancelledAt(now, id));
    }
    FakeRenderDeploy deploy =
        new FakeRenderDeploy(
            id,
            commit.isEmpty() ? UNKNOWN_TIP : commit,
            trigger,
            now,
            script.schedule(commit),
            null,
            null);
    indexes.put(id, deploys.size());
    deploys.add(deploy);
    listener.accept(new FakeEvent.DeployCreated(id, deploy.commit(), trigger, now, deploy.ends()));
    return deploy;
  }

  private String status(int index) {
    Instant now = clock.instant();
    String status = deploys.get(index).status(now);
    boolean replaced =
        status.equals("live")
            && script.replacesOlder()
            && deploys.stream()
                .skip(index + 1L)
                .anyMatch(newer -> newer.status(now).equals("live"));
    return replaced ? "deactivated" : status;
  }

  private ObjectNode json(int index) {
    return deploys.get(index).json(status(index), clock.instant());
  }

  private FakeResponse list(FakeRequest request) {
    Instant after = instant(request.query("createdAfter"));
    int end = indexes.getOrDefault(request.query("cursor"), deploys.size());
    ArrayNode rows = JsonBodies.array();
    IntStream.iterate(end - 1, index -> index >= 0, index -> index - 1)
        .filter(index -> deploys.get(index).created().isAfter(after))
        .limit(limit(request))
        .forEach(
            index ->
                rows.addObject().put("cursor", deploys.get(index).id()).set("deploy", json(index)));
    return FakeResponse.json(200, rows);
  }

  private static int limit(FakeRequest request) {
    String limit = request.query("limit");
    return limit.matches("\\d{1,6}") ? Math.clamp(Integer.parseInt(limit), 1, 100) : PAGE;
  }

  private FakeResponse show(String id) {
    Integer index = indexes.get(id);
    if (index == null) {
      return notFound();
    }
    String status = status(index);
    if (deploys.get(index).isOver(clock.instant())) {
      listener.accept(new FakeEvent.ResponseSent(!status.endsWith("failed"), status, ""));
    }
    return FakeResponse.json(200, json(index));
  }

  private FakeResponse cancel(String id) {
    listener.accept(new FakeEvent.RequestReceived("API: cancel", ""));
    Integer index = indexes.get(id);
    if (index == null) {
      return notFound();
    }
    Instant now = clock.instant();
    FakeRenderDeploy deploy = deploys.get(index);
    deploys.set(index, deploy.cancelledAt(now, null));
    listener.accept(new FakeEvent.CancelReceived(id, deploy.commit(), !deploy.isOver(now), now));
    return FakeResponse.json(200, json(index));
  }

  private FakeResponse events(FakeRequest request) {
    Instant after = instant(request.query("startTime"));
    ArrayNode rows = JsonBodies.array();
    deploys.reversed().stream()
        .flatMap(deploy -> deploy.events(clock.instant()).stream())
        .filter(event -> Instant.parse(event.path("timestamp").asString()).isAfter(after))
        .limit(limit(request))
        .forEach(
            event ->
                rows.addObject()
                    .put("cursor", event.path("id").asString())
                    .set("event", event.put("serviceId", account.serviceId())));
    return FakeResponse.json(200, rows);
  }

  private FakeResponse logs(FakeRequest request) {
    boolean isOurs =
        request.query("ownerId").equals(OWNER)
            && request.queries("resource").equals(List.of(account.serviceId()));
    return isOurs
        ? FakeResponse.json(
            200,
            FakeRenderLog.page(
                account.serviceId(), deploys, request, limit(request), clock.instant()))
        : notFound();
  }

  private ObjectNode service() {
    String id = account.serviceId();
    ObjectNode service =
        JsonBodies.object()
            .put("id", id)
            .put("name", "hello-world")
            .put("ownerId", OWNER)
            .put("type", "web_service")
            .put("autoDeploy", "no")
            .put("branch", "main")
            .put("repo", "https://github.com/" + FakeGitHub.REPOSITORY)
            .put("suspended", "not_suspended")
            .put("dashboardUrl", "https://dashboard.render.com/web/" + id);
    service.putObject("serviceDetails").put("url", "https://hello-world.onrender.com");
    return service;
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
