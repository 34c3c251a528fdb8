package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every address that Slipway answers, and what its answers carry. */
class RoutesIT {
  private static final String HTML = "text/html;charset=utf-8";
  private static final String TEXT = "text/plain;charset=utf-8";
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final String EVENTS = "text/event-stream";
  private static final String SIGNED = SlipwayServer.sign("{}".getBytes(StandardCharsets.UTF_8));
  private static final String TOKEN = "Bearer api-token-of-the-test";

  @TempDir static Path folder;
  private static SlipwayServer world;
  private static String page;

  @BeforeAll
  static void deployOnce() {
    world = new SlipwayServer(folder).set("DEPLOY_CMD", "seq 1 20").start();
    world.deliver(SlipwayServer.event());
    page = URI.create(world.awaitEnd().getFirst().logUrl()).getRawPath();
    Await.until(() -> "statuses wait", () -> health().contains("\"statuses_waiting\":0"));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static String health() {
    return world.get(world.at("/health/readiness")).body();
  }

  private record Route(String method, String path, int status, String type, List<String> headers) {
    Route(String method, String path, int status, String type) {
      this(method, path, status, type, List.of());
    }

    Route(String method, String path, int status, String type, String name, String value) {
      this(method, path, status, type, List.of(name, value));
    }

    HttpResponse<String> call() {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(world.at(path))
              .method(
                  method,
                  method.equals("POST")
                      ? HttpRequest.BodyPublishers.ofString("{}")
                      : HttpRequest.BodyPublishers.noBody())
              .header("X-Forwarded-Host", "evil.example")
              .header("X-Forwarded-Proto", "gopher")
              .header("X-Forwarded-For", "203.0.113.77")
              .header("Forwarded", "host=evil.example;proto=gopher")
              .header("Origin", "https://evil.example");
      if (!headers.isEmpty()) {
        request.header(headers.getFirst(), headers.getLast());
      }
      return world.send(request.build());
    }
  }

  private static List<Route> routes() {
    return List.of(
        new Route("GET", page, 200, HTML),
        new Route("HEAD", page, 200, HTML),
        new Route("GET", page + "/log", 200, TEXT),
        new Route("GET", page + "/events", 200, EVENTS, "Accept", EVENTS),
        new Route("GET", page + "/lines?before=200", 200, JSON),
        new Route("GET", page + "/lines?before=no", 400, PROBLEM),
        new Route("GET", page + "/lines", 400, PROBLEM),
        new Route("GET", page + "x", 404, HTML),
        new Route("GET", page, 406, PROBLEM, "Accept", JSON),
        new Route("GET", page + "x", 406, PROBLEM, "Accept", JSON),
        new Route("GET", page + "x/later?from=1", 404, PROBLEM),
        new Route("GET", page + "x/log", 404, PROBLEM),
        new Route("GET", page + "x/events", 404, PROBLEM, "Accept", EVENTS),
        new Route("GET", page + "x/lines?before=1", 404, PROBLEM),
        new Route("POST", page, 405, PROBLEM),
        new Route("GET", "/assets/slipway.css", 200, "text/css"),
        new Route("GET", "/assets/log.js", 200, "application/javascript"),
        new Route("GET", "/assets/slipway.svg", 200, "image/svg+xml"),
        new Route("GET", "/assets/none.css", 404, PROBLEM),
        new Route("GET", "/assets/../application.yml", 404, PROBLEM),
        new Route("GET", "/health/liveness", 200, JSON),
        new Route("GET", "/health/readiness", 200, JSON),
        new Route("GET", "/health/instance/0123456789abcdef", 404, PROBLEM),
        new Route("GET", "/prometheus", 200, "text/plain;version=0.0.4;charset=utf-8"),
        new Route("POST", "/prometheus", 405, PROBLEM),
        new Route("GET", "/", 404, PROBLEM),
        new Route("GET", "/no/such/path", 404, PROBLEM),
        new Route("GET", "/webhooks/github", 405, PROBLEM),
        new Route("POST", "/webhooks/github", 401, PROBLEM, "Content-Type", JSON),
        new Route("POST", "/webhooks/github", 415, PROBLEM, "X-Hub-Signature-256", SIGNED),
        new Route("POST", "/api/deploy_application", 401, PROBLEM, "Content-Type", JSON),
        new Route("POST", "/api/deploy_application?wait=x", 400, PROBLEM, "Authorization", TOKEN),
        new Route("GET", "/api/deploy_application", 405, PROBLEM, "Authorization", TOKEN),
        new Route("GET", "/api/deployments/1", 200, JSON, "Authorization", TOKEN),
        new Route("GET", "/api/deployments/9", 404, PROBLEM, "Authorization", TOKEN),
        new Route("GET", "/api/deployments/x", 400, PROBLEM, "Authorization", TOKEN),
        new Route("GET", "/api/none", 401, PROBLEM),
        new Route("POST", "/callbacks/1-1-none-1/x", 404, PROBLEM),
        new Route("GET", "/callbacks/1-1-none-1/x", 405, PROBLEM),
        new Route("TRACE", page, 405, PROBLEM),
        new Route("PUT", page, 405, PROBLEM),
        new Route("DELETE", "/webhooks/github", 405, PROBLEM),
        new Route("OPTIONS", page, 405, PROBLEM),
        new Route("TRACE", "/", 404, PROBLEM));
  }

  @TestFactory
  List<DynamicTest> every_answer_is_dressed() {
    return routes().stream()
        .map(route -> DynamicTest.dynamicTest(route.toString(), () -> check(route)))
        .toList();
  }

  private static void check(Route route) {
    HttpResponse<String> answer = route.call();

    assertThat(answer.statusCode()).isEqualTo(route.status());
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .isEqualToIgnoringWhitespace(route.type());
    assertDressed(flat(answer), route.type().equals(HTML) && route.status() < 405, route.path());
    if (route.type().equals(PROBLEM) && !route.method().equals("HEAD")) {
      assertProblem(SlipwayServer.json(answer.body()), route.status());
    }
    assertThat(answer.headers().map().toString() + answer.body())
        .doesNotContain("evil.example", "gopher", "203.0.113.77");
  }

  private static void assertProblem(JsonNode problem, int status) {
    assertThat(problem.path("type").asString()).isEqualTo("about:blank");
    assertThat(problem.path("title").asString()).isNotBlank();
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asString("")).isNotBlank();
    assertThat(problem.propertyNames()).doesNotContain("_links", "_embedded", "message");
  }

  private static Map<String, String> flat(HttpResponse<?> answer) {
    Map<String, String> headers = new HashMap<>();
    answer
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), single(values)));
    return headers;
  }

  /** A header that comes twice is a defect: browsers differ in which one they take. */
  private static String single(List<String> values) {
    assertThat(values).hasSize(1);
    return values.getFirst();
  }

  private static void assertDressed(Map<String, String> headers, boolean page, String path) {
    assertThat(headers)
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("referrer-policy", "no-referrer")
        .containsEntry("x-frame-options", "DENY")
        .containsEntry("x-robots-tag", "noindex, nofollow")
        .containsEntry("cross-origin-opener-policy", "same-origin")
        .containsEntry("cross-origin-resource-policy", "same-origin")
        .doesNotContainKeys("server", "x-powered-by", "access-control-allow-origin", "set-cookie");
    assertThat(headers.get("cache-control"))
        .isEqualTo(
            path.matches("/assets/\\w+\\.\\w+") && !path.contains("none")
                ? "no-cache"
                : "no-store");
    assertThat(headers.get("content-security-policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
        .contains("form-action 'none'")
        .doesNotContain("unsafe", "*", "http:", "https:");
    if (page) {
      assertThat(headers.get("content-security-policy"))
          .contains("script-src 'self';", "style-src 'self';", "connect-src 'self';");
    }
  }

  @Test
  void a_body_that_is_too_large_is_refused_before_it_is_sent() throws IOException {
    for (long length : List.of(26L * 1024 * 1024, 28L * 1024 * 1024, 9_000_000_000L)) {
      String answer = raw(headOf(length));
      assertThat(answer).startsWith("HTTP/1.1 413 ");
      assertThat(answer.toLowerCase(Locale.ROOT))
          .contains("x-content-type-options: nosniff", "content-security-policy: default-src")
          .contains("cache-control: no-store")
          .doesNotContain("\nserver:");
    }
  }

  private static String headOf(long length) {
    return """
        POST /webhooks/github HTTP/1.1
        Host: localhost
        Content-Type: application/json
        X-GitHub-Event: deployment
        X-GitHub-Delivery: 1
        X-Hub-Signature-256: sha256=00
        Content-Length: %d

        """
        .formatted(length);
  }

  @Test
  void what_is_no_http_gets_no_page() throws IOException {
    assertThat(raw("GET / HTTP/9.9\n\n")).doesNotContain("Exception", "netty", "icronaut");
    assertThat(raw("GET /%zz HTTP/1.1\nHost: x\n\n"))
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain("Exception", "netty", "icronaut");
  }

  /** Sends it as it is, and reads the answer's head. */
  private static String raw(String request) throws IOException {
    URI address = world.at("/");
    try (Socket socket = new Socket("localhost", address.getPort())) {
      socket.setSoTimeout(50_000);
      socket
          .getOutputStream()
          .write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder answer = new StringBuilder();
      int next = socket.getInputStream().read();
      while (next >= 0 && answer.indexOf("\r\n\r\n") < 0) {
        answer.append((char) next);
        next = socket.getInputStream().read();
      }
      return answer.toString();
    }
  }

  @Test
  void assets_are_known_by_their_date_and_not_sent_twice() {
    HttpResponse<String> first = world.get(world.at("/assets/slipway.css"));
    String date = first.headers().firstValue("Last-Modified").orElseThrow();

    HttpResponse<String> again =
        world.send(
            HttpRequest.newBuilder(world.at("/assets/slipway.css"))
                .header("If-Modified-Since", date)
                .build());

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  /** An event as it was sent. */
  private record Told(String id, String name, String data) {}

  private static List<Told> events(String query, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(world.at(page + "/events" + query));
    if (headers.length > 0) {
      request.headers(headers);
    }
    String body = world.send(request.header("Accept", EVENTS).build()).body();
    return body.strip().lines().toList().isEmpty()
        ? List.of()
        : java.util.regex.Pattern.compile("\n\n")
            .splitAsStream(body)
            .filter(block -> !block.isBlank())
            .map(block -> new Told(field(block, "id"), field(block, "event"), field(block, "data")))
            .toList();
  }

  private static String field(String block, String name) {
    return block
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  @Test
  void a_stream_goes_on_at_the_byte_that_the_browser_names() {
    byte[] log = world.get(world.at(page + "/log")).body().getBytes(StandardCharsets.UTF_8);
    List<Told> all = events("");
    assertThat(all).extracting(Told::name).containsExactly("hello", "lines", "end");
    assertThat(all.getFirst().id()).isEqualTo("0");
    assertThat(all.get(1).id()).isEqualTo(Integer.toString(log.length));
    assertThat(SlipwayServer.json(all.get(1).data()).size())
        .isEqualTo((int) new String(log, StandardCharsets.UTF_8).lines().count());

    int tenth = new String(log, StandardCharsets.UTF_8).indexOf(" 10\n") + " 10\n".length();
    int offset =
        new String(log, StandardCharsets.UTF_8)
            .substring(0, tenth)
            .getBytes(StandardCharsets.UTF_8)
            .length;
    List<Told> rest = events("?from=0", "Last-Event-ID", Integer.toString(offset));
    assertThat(SlipwayServer.json(rest.get(1).data()).get(0).toString()).contains("\"t\":\"11\"");
    assertThat(events("?from=" + offset).get(1).data()).isEqualTo(rest.get(1).data());

    assertThat(events("", "Last-Event-ID", Integer.toString(log.length)))
        .extracting(Told::name)
        .containsExactly("hello", "end");
    for (String odd : List.of("-1", "x", "99999999999999999999", "1;2")) {
      assertThat(events("", "Last-Event-ID", odd)).hasSize(3);
    }
  }
}
