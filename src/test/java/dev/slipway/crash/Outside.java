package dev.slipway.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GitHub and Render as far as deployments need them, on one port. They outlive every Slipway, and
 * write down each call that took effect, whether or not its answer arrived.
 */
final class Outside implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern STATUSES =
      Pattern.compile("/repos/octo-org/hello-world/deployments/(\\d+)/statuses");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Journal journal;
  private final Faults faults;
  private final SmallRender render;
  private final Map<Long, List<ObjectNode>> statuses = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong(900);

  /** An answer; status 0 cuts the connection instead. */
  record Response(int status, JsonNode body) {
    static Response of(int status, String message) {
      return new Response(status, JSON.createObjectNode().put("message", message));
    }
  }

  Outside(Journal journal, Faults faults, SmallRender render) {
    this.journal = journal;
    this.faults = faults;
    this.render = render;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Faults.Kind fault = faults.next();
    switch (fault) {
      case NONE -> answer(exchange, effect(exchange, body));
      case ANSWER_500 -> answer(exchange, maybe(exchange, body, 500));
      case ANSWER_502 -> answer(exchange, maybe(exchange, body, 502));
      case ANSWER_429 -> {
        exchange.getResponseHeaders().add("Retry-After", "1");
        answer(exchange, Response.of(429, "Too many requests"));
      }
      case CUT_BEFORE -> exchange.close();
      case CUT_AFTER -> {
        Response _ = effect(exchange, body);
        exchange.close();
      }
    }
  }

  /** Every second 5xx comes after the effect, which is the worse half. */
  private Response maybe(HttpExchange exchange, String body, int status) {
    if (ids.incrementAndGet() % 2 == 0) {
      Response _ = effect(exchange, body);
    }
    return Response.of(status, "Something went wrong");
  }

  private Response effect(HttpExchange exchange, String body) {
    String path = exchange.getRequestURI().getPath();
    Matcher posts = STATUSES.matcher(path);
    boolean isPost = exchange.getRequestMethod().equals("POST");
    if (posts.matches()) {
      long deployment = Long.parseLong(posts.group(1));
      return isPost ? post(deployment, JSON.readTree(body)) : list(deployment);
    }
    if (path.startsWith("/repos/")) {
      return github(path);
    }
    Supplier<JsonNode> json = () -> JSON.readTree(body);
    return render.answer(exchange.getRequestMethod(), exchange.getRequestURI(), json);
  }

  private static Response github(String path) {
    return switch (path) {
      case "/repos/octo-org/hello-world" ->
          new Response(200, JSON.createObjectNode().put("id", 1296269));
      case "/repos/octo-org/hello-world/deployments" -> new Response(200, JSON.createArrayNode());
      default -> Response.of(404, "Not Found");
    };
  }

  private Response post(long deployment, JsonNode wanted) {
    String state = wanted.path("state").asString();
    String description = wanted.path("description").asString();
    List<ObjectNode> kept = statuses.computeIfAbsent(deployment, _ -> new ArrayList<>());
    synchronized (kept) {
      ObjectNode status =
          JSON.createObjectNode()
              .put("id", ids.incrementAndGet())
              .put("state", state)
              .put("description", description)
              .put("log_url", wanted.path("log_url").asString());
      kept.add(status);
      journal.add(new Journal.Posted(deployment, state, description));
      return new Response(201, status);
    }
  }

  private Response list(long deployment) {
    List<ObjectNode> kept = statuses.computeIfAbsent(deployment, _ -> new ArrayList<>());
    ArrayNode all = JSON.createArrayNode();
    synchronized (kept) {
      kept.reversed().forEach(all::add);
    }
    return new Response(200, all);
  }

  private static void answer(HttpExchange exchange, Response response) throws IOException {
    byte[] bytes = response.body().toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    try (exchange) {
      exchange.sendResponseHeaders(response.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException callerDied) {
      // it is killed all the time
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
