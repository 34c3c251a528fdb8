package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.http.Http;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import dev.slipway.model.StartAnswer;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.FencedException;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderLog;
import dev.slipway.targets.StartExecutor;
import dev.slipway.targets.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;
import org.mockserver.model.Parameter;

/** A Render that answers as each test says, and the two targets set up against it. */
@ResourceLock("render of the tests")
abstract class RenderFixture {
  static final String SERVICE = "srv-abc123";
  static final String SERVICE_PATH = "/v1/services/" + SERVICE;
  static final String DEPLOYS = SERVICE_PATH + "/deploys";
  static final String HOOK_PATH = "/deploy/" + SERVICE;
  static final String HOOK_KEY = "hook-key-hush";
  static final String API_KEY = "rnd_api-key-hush";
  static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  static final String OTHER_SHA = "0123456789abcdef0123456789abcdef01234567";
  static final Instant NOW = Instant.parse("2026-11-20T10:01:00Z");
  static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(2),
          Duration.ofSeconds(20),
          Duration.ofMinutes(3),
          Duration.ofHours(1));

  static ClientAndServer render;
  static Http http;

  Instant now = NOW;
  final Said log = new Said();
  final ReadBudgets reads = new ReadBudgets(() -> now);

  /** What other runs were given. */
  final Set<String> ofOthers = new HashSet<>();

  final AcceptedDeploys accepted = (_, id) -> ofOthers.contains(id);

  /** Lines as an operator would read them. */
  static final class Said implements AttemptLog {
    final List<String> lines = new ArrayList<>();
    Optional<ProviderLog> provider = Optional.empty();

    @Override
    public Optional<ProviderLog> provider() {
      return provider;
    }

    @Override
    public void log(String line) {
      lines.add(line);
    }

    @Override
    public void output(byte[] bytes, int offset, int length) {
      throw new AssertionError("neither target has output of its own");
    }
  }

  @BeforeAll
  static void startRender() {
    render = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void stopRender() {
    http.close();
    render.stop();
  }

  @BeforeEach
  void forget() {
    render.reset();
  }

  @AfterEach
  void nothing_said_holds_a_key() {
    assertThat(String.join("\n", log.lines)).doesNotContain("hush");
  }

  static URI base() {
    return URI.create("http://127.0.0.1:" + render.getPort());
  }

  static String hookUrl(URI base, String more) {
    return base + HOOK_PATH + "?key=" + HOOK_KEY + more;
  }

  RenderHook hook() {
    return hook(base(), API_KEY, null, "");
  }

  RenderHook hookWithoutKey() {
    return hook(base(), null, null, "");
  }

  RenderHook hook(URI base, @Nullable String apiKey, @Nullable String image, String more) {
    return new RenderHook(
        "render-hook",
        new RenderHookConfig(
            new Secret(hookUrl(base, more)),
            base,
            apiKey == null ? null : new Secret(apiKey),
            image,
            LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        reads,
        accepted,
        () -> now);
  }

  RenderApi api() {
    return api(base(), SERVICE, null);
  }

  RenderApi api(URI base, String service, @Nullable String image) {
    return new RenderApi(
        "render-api",
        new RenderApiConfig(
            base, new Secret(API_KEY), service, ClearCache.DO_NOT_CLEAR, image, false, LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        reads,
        accepted,
        () -> now);
  }

  /** The target of that name, against any base address. */
  Target target(String name, URI base) {
    return name.equals("render-hook") ? hook(base, API_KEY, null, "") : api(base, SERVICE, null);
  }

  StartAnswer start(Target target, Attempt attempt) throws InterruptedException {
    try {
      return new StartExecutor(http::send, () -> now).start(target, attempt, () -> {}, log);
    } catch (FencedException e) {
      throw new AssertionError(e);
    }
  }

  static HttpRequest trigger(String name) {
    return request().withMethod("POST").withPath(name.equals("render-hook") ? HOOK_PATH : DEPLOYS);
  }

  static Attempt attempt() {
    return attempt(SHA);
  }

  static Attempt attempt(@Nullable String sha) {
    return new Attempt(
        new Deployment(
            new Repository("github.com", 1, "acme/web"),
            7L,
            sha,
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "alice",
            NOW),
        42,
        1,
        "any",
        NOW,
        null);
  }

  static void on(HttpRequest request, HttpResponse response) {
    render.when(request).respond(response);
  }

  static void onGet(String path, int status, String body) {
    on(get(path), json(status, body));
  }

  static HttpRequest get(String path) {
    return request().withMethod("GET").withPath(path);
  }

  static void drop(HttpRequest request) {
    render.when(request).error(error().withDropConnection(true));
  }

  static HttpResponse json(int status, String body) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }

  /** Each request as {@code METHOD path?name=value}, decoded, in the order of arrival. */
  static List<String> requests() {
    return Arrays.stream(render.retrieveRecordedRequests(null))
        .map(
            request ->
                request.getMethod().getValue()
                    + " "
                    + request.getPath().getValue()
                    + query(request))
        .toList();
  }

  private static String query(HttpRequest request) {
    List<Parameter> parameters = request.getQueryStringParameterList();
    return parameters == null || parameters.isEmpty()
        ? ""
        : parameters.stream()
            .map(
                parameter ->
                    parameter.getName().getValue()
                        + "="
                        + parameter.getValues().getFirst().getValue())
            .sorted()
            .collect(Collectors.joining("&", "?", ""));
  }

  static HttpRequest lastRequest() {
    HttpRequest[] all = render.retrieveRecordedRequests(null);
    return all[all.length - 1];
  }

  /** The last request's body exactly as it came; MockServer shows JSON in its own layout. */
  static String lastBody() {
    return new String(lastRequest().getBodyAsRawBytes(), StandardCharsets.UTF_8);
  }

  static String deploy(String id, @Nullable String status, @Nullable String commit) {
    return deploy(id, status, commit, "api", NOW);
  }

  static String deploy(
      String id,
      @Nullable String status,
      @Nullable String commit,
      String trigger,
      Instant createdAt) {
    return "{\"id\":\"%s\"%s,\"status\":%s,\"trigger\":\"%s\",\"createdAt\":\"%s\"}"
        .formatted(
            id,
            commit == null ? "" : ",\"commit\":{\"id\":\"" + commit + "\"}",
            status == null ? "null" : "\"" + status + "\"",
            trigger,
            createdAt);
  }

  static String listed(String... deploys) {
    return Arrays.stream(deploys)
        .map(deploy -> "{\"deploy\":" + deploy + ",\"cursor\":\"c\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  static String events(String... events) {
    return Arrays.stream(events)
        .map(event -> "{\"event\":" + event + ",\"cursor\":\"c\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  static String service(String type, String more) {
    return "{\"id\":\"%s\",\"type\":\"%s\",\"autoDeploy\":\"no\"%s}".formatted(SERVICE, type, more);
  }
}
