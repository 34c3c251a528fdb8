package dev.slipway.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.crash.Faults.Party;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GitHub, Render and Qovery as far as deployments need them, on one port. They outlive every
 * Slipway, and write down each call that took effect, whether or not its answer arrived.
 */
final class OutsideServers implements AutoCloseable {
  static final String QOVERY = "/qovery";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PAGE = "<!DOCTYPE html><title>Bad gateway</title>";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Faults faults;
  private final SmallGithub github;
  private final SmallRender render;
  private final SmallQovery qovery;
  private final AtomicLong halves = new AtomicLong();
  private final int slow;
  private final AtomicInteger posts = new AtomicInteger();
  private final AtomicInteger postsAtOnce = new AtomicInteger();

  /** An answer. */
  record Response(int status, JsonNode body) {
    static Response of(int status, String message) {
      return new Response(status, JSON.createObjectNode().put("message", message));
    }
  }

  OutsideServers(OutsideJournal journal, Faults faults) {
    this(journal, faults, 0);
  }

  /**
   * @param slow how many milliseconds GitHub takes at the most to answer what it has done
   */
  OutsideServers(OutsideJournal journal, Faults faults, int slow) {
    this.faults = faults;
    this.slow = slow;
    this.github = new SmallGithub(journal);
    this.render = new SmallRender(journal);
    this.qovery = new SmallQovery(journal);
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

  /** The most posts to GitHub that waited for their answers at one moment. */
  int postsAtOnce() {
    return postsAtOnce.get();
  }

  private static Party party(String path) {
    if (path.startsWith("/repos/")) {
      return Party.GITHUB;
    }
    return path.startsWith(QOVERY) ? Party.QOVERY : Party.RENDER;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Party party = party(exchange.getRequestURI().getPath());
    switch (faults.next(party)) {
      case NONE -> answer(exchange, slowly(party, exchange, body));
      case ANSWER_500 -> answer(exchange, maybe(exchange, body, 500));
      case ANSWER_504 -> answer(exchange, maybe(exchange, body, 504));
      case HTML -> send(exchange, maybe(exchange, body, 502).status(), "text/html", PAGE, 0);
      case LIMITED -> {
        exchange.getResponseHeaders().add("Retry-After", "1");
        answer(exchange, limited(party));
      }
      case CUT_BEFORE -> exchange.close();
      case CUT_AFTER -> {
        Response _ = effect(exchange, body);
        exchange.close();
      }
      case HALF -> {
        Response response = effect(exchange, body);
        send(exchange, response.status(), "application/json", response.body().toString(), 40);
      }
    }
  }

  /** Late is only the answer: a call that took effect late could not be looked up before. */
  private Response slowly(Party party, HttpExchange exchange, String body) {
    Response response = effect(exchange, body);
    if (party == Party.GITHUB && exchange.getRequestMethod().equals("POST")) {
      int _ = postsAtOnce.accumulateAndGet(posts.incrementAndGet(), Math::max);
      try {
        WaitFor.pass(Duration.ofMillis(ThreadLocalRandom.current().nextInt(slow + 1)));
      } finally {
        int _ = posts.decrementAndGet();
      }
    }
    return response;
  }

  private static Response limited(Party party) {
    return party == Party.GITHUB
        ? Response.of(403, "You have exceeded a secondary rate limit.")
        : Response.of(429, "Too many requests");
  }

  /** Every second one comes after the effect, which is the worse half. */
  private Response maybe(HttpExchange exchange, String body, int status) {
    if (halves.incrementAndGet() % 2 == 0) {
      Response _ = effect(exchange, body);
    }
    return Response.of(status, "Something went wrong");
  }

  private Response effect(HttpExchange exchange, String body) {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    Supplier<JsonNode> json = () -> JSON.readTree(body);
    return switch (party(path)) {
      case GITHUB -> github.answer(method, path, json);
      case RENDER -> render.answer(method, exchange.getRequestURI(), json);
      case QOVERY -> qovery.answer(method, exchange.getRequestURI(), json);
    };
  }

  private static void answer(HttpExchange exchange, Response response) throws IOException {
    send(exchange, response.status(), "application/json", response.body().toString(), 0);
  }

  /**
   * @param missing how many bytes are promised and not sent
   */
  private static void send(HttpExchange exchange, int status, String type, String body, int missing)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length + missing);
      exchange.getResponseBody().write(bytes);
      exchange.getResponseBody().flush();
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
