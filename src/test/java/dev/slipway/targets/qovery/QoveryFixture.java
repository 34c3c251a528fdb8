package dev.slipway.targets.qovery;

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
import dev.slipway.targets.FencedException;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.StartExecutor;
import dev.slipway.targets.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;

/** A Qovery with scripted answers, and an attempt to deploy there. */
@ResourceLock("qovery of the tests")
abstract class QoveryFixture {
  static final String SERVICE = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
  static final String REQUEST = "7a1d5a0e-0d44-4b50-8888-8dd257360001";
  static final String OTHER_REQUEST = "7a1d5a0e-0d44-4b50-8888-8dd257360002";
  static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
  static final String OTHER_SHA = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
  static final String TOKEN = "qov_9d2c1f_canary";
  static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  static final Instant BEFORE = START.minusSeconds(3600);
  static final Instant AFTER = START.plusSeconds(30);
  static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofMinutes(9), Duration.ofHours(1));

  static ClientAndServer server;
  static Http http;

  final QoveryLog log = new QoveryLog();
  Instant now = START;

  @BeforeAll
  static void open() {
    server = ClientAndServer.startClientAndServer(0);
    http = new Http(Duration.ofSeconds(30), "Slipway/test");
  }

  @AfterAll
  static void close() {
    http.close();
    server.close();
  }

  @BeforeEach
  void reset() {
    server.reset();
    now = START;
  }

  static QoveryAccount account(String scheme) {
    return new QoveryAccount(
        URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), new Secret(TOKEN), scheme);
  }

  Target application() {
    return new QoveryTarget(
        "qovery-application",
        QoveryConfig.application(account("Token"), SERVICE, LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        () -> now);
  }

  Target job(@Nullable String forceEvent, @Nullable String imageTag) {
    return new QoveryTarget(
        "qovery-job",
        QoveryConfig.job(account("Token"), SERVICE, forceEvent, imageTag, LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        () -> now);
  }

  Target container(String imageTag) {
    return new QoveryTarget(
        "qovery-container",
        QoveryConfig.container(account("Token"), SERVICE, imageTag, LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        () -> now);
  }

  Target helm(@Nullable String chartVersion, boolean valuesFromGit) {
    return new QoveryTarget(
        "qovery-helm",
        QoveryConfig.helm(account("Token"), SERVICE, chartVersion, valuesFromGit, LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        () -> now);
  }

  /** A target of this kind, with only the settings that it must have. */
  Target target(String kind) {
    return switch (kind) {
      case "application" -> application();
      case "job" -> job(null, null);
      case "container" -> container("{sha}");
      case "helm" -> helm(null, false);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** The description of a service of this kind in which our version is deployed. */
  static String deployed(String kind) {
    return switch (kind) {
      case "application" -> deployedApplication(SHA);
      case "job" -> gitJob("{}", SHA);
      case "container" -> deployedContainer(SHA);
      case "helm" -> gitHelm(SHA);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Our version of a service of this kind in words. */
  static String version(String kind) {
    return kind.equals("container") ? "image tag " + SHA : "commit f95f852";
  }

  StartAnswer start(Target target, Attempt attempt) throws InterruptedException {
    try {
      return new StartExecutor(http::send, () -> now).start(target, attempt, () -> {}, log);
    } catch (FencedException e) {
      throw new AssertionError(e);
    }
  }

  static Attempt attempt(@Nullable String sha) {
    return new Attempt(
        new Deployment(
            new Repository("github.com", 1, "octo/app"),
            42L,
            sha,
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "octocat",
            START),
        7,
        1,
        "qovery",
        START,
        null);
  }

  static final Attempt ATTEMPT = attempt(SHA);

  static HttpRequest post(String path) {
    return request(path).withMethod("POST");
  }

  static HttpRequest get(String path) {
    return request(path).withMethod("GET");
  }

  static HttpResponse reply(int status, String body) {
    return response(body).withStatusCode(status).withHeader("Content-Type", "application/json");
  }

  /** Answers every read of the path from now on. */
  static void on(String path, int status, String body) {
    HttpRequest request = get(path);
    server.clear(request);
    server.when(request).respond(reply(status, body));
  }

  /** Answers the next read of the path only. */
  static void once(String path, String body) {
    server.when(get(path), Times.once()).respond(reply(200, body));
  }

  static List<String> asked() {
    return Stream.of(server.retrieveRecordedRequests(null))
        .map(
            it ->
                it.getMethod().getValue()
                    + " "
                    + it.getPath().getValue()
                    + it.getQueryStringParameterList().stream()
                        .map(
                            query ->
                                "?"
                                    + query.getName().getValue()
                                    + "="
                                    + query.getValues().getFirst().getValue())
                        .collect(Collectors.joining()))
        .toList();
  }

  static String status(String state, @Nullable String requestId, Instant last) {
    return status(state, details(state), requestId, last);
  }

  static String status(String state, String details, @Nullable String requestId, Instant last) {
    return """
    {"id":"%s","state":"%s","service_deployment_status":"OUT_OF_DATE",
     "status_details":{"action":"DEPLOY","status":"%s","sub_action":"NONE"},
     "is_part_last_deployment":true,"deployment_requests_count":1,
     "deployment_request_id":%s,"execution_id":"%s-exec","last_deployment_date":"%s"}
    """
        .formatted(SERVICE, state, details, quoted(requestId), requestId, last);
  }

  static String details(String state) {
    return Map.of(
            "DEPLOYED",
            "SUCCESS",
            "RESTARTED",
            "SUCCESS",
            "STOPPED",
            "SUCCESS",
            "DELETED",
            "SUCCESS",
            "CANCELED",
            "CANCELED",
            "READY",
            "NEVER")
        .getOrDefault(state, state.endsWith("_ERROR") ? "ERROR" : "ONGOING");
  }

  static String queue(String... requestIds) {
    return results(
        Stream.of(requestIds)
            .map(
                id ->
                    """
                    {"identifier":{"deployment_request_id":"%s","service_id":"%s",
                     "service_type":"APPLICATION","name":"app"},
                     "auditing_data":{"triggered_by":"token"},
                     "status_details":{"action":"DEPLOY","status":"QUEUED","sub_action":"NONE"}}
                    """
                        .formatted(id, SERVICE))
            .toList());
  }

  static String entry(String execution, String state, Instant created, String sha) {
    return """
    {"identifier":{"name":"app","service_id":"%s","service_type":"APPLICATION",
      "execution_id":"%s"},
     "status":"%s","auditing_data":{"created_at":"%s","updated_at":"%s","triggered_by":"token"},
     "details":{"commit":{"git_commit_id":"%s"},"image_name":"app","tag":"%s"},
     "status_details":{"action":"DEPLOY","status":"%s","sub_action":"NONE"}}
    """
        .formatted(SERVICE, execution, state, created, created, sha, sha, details(state));
  }

  static String results(List<String> items) {
    return "{\"results\":[" + String.join(",", items) + "]}";
  }

  static String results(String... items) {
    return results(List.of(items));
  }

  static String deployedApplication(String sha) {
    return """
    {"id":"%s","environment":{"id":"e1b2c3d4-0d44-4b50-8888-8dd25736052a"},"git_repository":{"deployed_commit_id":"%s"}}
    """
        .formatted(SERVICE, sha);
  }

  static String deployedContainer(String tag) {
    return """
    {"id":"%s","environment":{"id":"e1b2c3d4-0d44-4b50-8888-8dd25736052a"},"image_name":"acme/app","tag":"%s"}
    """
        .formatted(SERVICE, tag);
  }

  static String gitHelm(String sha) {
    return """
    {"id":"%s","environment":{"id":"e1b2c3d4-0d44-4b50-8888-8dd25736052a"},
     "source":{"git":{"git_repository":{"deployed_commit_id":"%s"}}}}
    """
        .formatted(SERVICE, sha);
  }

  static String chartHelm(String version) {
    return """
    {"id":"%s","environment":{"id":"e1b2c3d4-0d44-4b50-8888-8dd25736052a"},
     "source":{"repository":{"chart_name":"app","chart_version":"%s"}}}
    """
        .formatted(SERVICE, version);
  }

  static String gitJob(String schedule, String sha) {
    return """
    {"id":"%s","environment":{"id":"e1b2c3d4-0d44-4b50-8888-8dd25736052a"},"job_type":"LIFECYCLE","schedule":%s,
     "source":{"docker":{"git_repository":{"deployed_commit_id":"%s"}}}}
    """
        .formatted(SERVICE, schedule, sha);
  }

  static String imageJob(String tag) {
    return """
    {"id":"%s","environment":{"id":"e1b2c3d4-0d44-4b50-8888-8dd25736052a"},"job_type":"LIFECYCLE",
     "schedule":{"on_start":{}},"source":{"image":{"image_name":"app","tag":"%s"}}}
    """
        .formatted(SERVICE, tag);
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : "\"" + text + "\"";
  }
}
