package dev.slipway.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.FreePort;
import dev.slipway.http.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** A GitHub that keeps statuses and has the weather that a test makes. */
final class StormyGithub implements AutoCloseable {
  /** What happens to a post. */
  enum Weather {
    FINE,
    BAD_GATEWAY,
    ANSWER_LOST,
    POST_LOST,
    RATE_LIMIT,
    SECONDARY_403,
    SECONDARY_429,
    RETRY_AFTER_403,
    RETRY_AFTER_429
  }

  /** A post that arrived, whatever became of it. */
  record Arrival(Instant at, Weather weather) {}

  private final HttpServer server;
  private final InstantSource clock;
  private final Map<Long, List<String>> kept = new TreeMap<>();
  private final List<String> bodies = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<Instant> tooEarly = new ArrayList<>();
  private Supplier<Weather> weather = () -> Weather.FINE;
  private Instant closedUntil = Instant.EPOCH;

  StormyGithub(InstantSource clock) {
    this.clock = clock;
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.choose()), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newSingleThreadExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void weather(Supplier<Weather> next) {
    weather = next;
  }

  /** The states that GitHub keeps for a deployment, in the order in which they came. */
  synchronized List<String> states(long githubId) {
    return List.copyOf(kept.getOrDefault(githubId, List.of()));
  }

  synchronized List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** Posts that came before the end of a wait that GitHub had asked for. */
  synchronized List<Instant> tooEarly() {
    return List.copyOf(tooEarly);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    long githubId = Long.parseLong(exchange.getRequestURI().getPath().split("/", -1)[5]);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (clock.instant().isBefore(closedUntil)) {
      tooEarly.add(clock.instant());
    }
    if (exchange.getRequestMethod().equals("GET")) {
      look(exchange, githubId);
    } else {
      take(exchange, githubId, body);
    }
  }

  private void look(HttpExchange exchange, long githubId) throws IOException {
    String mark = "\"deployment\":" + githubId + ",";
    List<String> found = bodies.reversed().stream().filter(b -> b.contains(mark)).toList();
    send(exchange, 200, "[" + String.join(",", found) + "]");
  }

  private void take(HttpExchange exchange, long githubId, String body) throws IOException {
    Weather now = weather.get();
    arrivals.add(new Arrival(clock.instant(), now));
    switch (now) {
      case FINE -> send(exchange, 201, "{\"id\":" + keep(githubId, body) + "}");
      case ANSWER_LOST -> {
        keep(githubId, body);
        exchange.close();
      }
      case POST_LOST -> exchange.close();
      case BAD_GATEWAY -> send(exchange, 502, "<html>Unicorn!</html>");
      case RATE_LIMIT -> {
        closedUntil = clock.instant().plusSeconds(1200);
        exchange.getResponseHeaders().set("X-RateLimit-Remaining", "0");
        exchange
            .getResponseHeaders()
            .set("X-RateLimit-Reset", Long.toString(closedUntil.getEpochSecond()));
        send(exchange, 403, "{\"message\":\"API rate limit exceeded\"}");
      }
      case SECONDARY_403 -> limit(exchange, 403, Optional.empty());
      case SECONDARY_429 -> limit(exchange, 429, Optional.empty());
      case RETRY_AFTER_403 -> limit(exchange, 403, Optional.of("90"));
      case RETRY_AFTER_429 -> limit(exchange, 429, Optional.of("90"));
    }
  }

  private void limit(HttpExchange exchange, int code, Optional<String> retryAfter)
      throws IOException {
    closedUntil =
        clock.instant().plusSeconds(retryAfter.map(Integer::parseInt).orElse(60).longValue());
    retryAfter.ifPresent(value -> exchange.getResponseHeaders().set("Retry-After", value));
    send(exchange, code, "{\"message\":\"You have exceeded a secondary rate limit\"}");
  }

  private long keep(long githubId, String body) {
    long id = 900L + bodies.size();
    String state = JsonCodec.read(body).path("state").asString();
    String description = JsonCodec.read(body).path("description").asString();
    bodies.add(
        JsonCodec.object()
            .put("deployment", githubId)
            .put("id", id)
            .put("state", state)
            .put("description", description)
            .toString());
    kept.computeIfAbsent(githubId, _ -> new ArrayList<>()).add(state);
    return id;
  }

  private static void send(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
