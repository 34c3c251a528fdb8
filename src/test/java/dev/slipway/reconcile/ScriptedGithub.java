package dev.slipway.reconcile;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** GitHub's lists as files: an answer per path, with ETags and an hourly limit that is counted. */
final class ScriptedGithub implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final Map<String, String> links = new ConcurrentHashMap<>();
  private volatile int limit = 5_000;
  private final AtomicInteger remaining = new AtomicInteger(5_000);

  /** Every call, as path and query. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  /** The calls that counted against the hourly limit. */
  final List<String> counted = new CopyOnWriteArrayList<>();

  ScriptedGithub() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The body at a path without its query. */
  void put(String path, String json) {
    answers.put(path, json);
  }

  void refuse(String path, int status) {
    refusals.put(path, status);
  }

  /** The {@code Link} header of a path with its query. */
  void link(String pathAndQuery, String link) {
    links.put(pathAndQuery, link);
  }

  void limit(int perHour, int left) {
    limit = perHour;
    remaining.set(left);
  }

  void forget() {
    calls.clear();
    counted.clear();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String whole = exchange.getRequestURI().toString();
    calls.add(whole);
    int refusal = refusals.getOrDefault(path, 0);
    String body = answers.getOrDefault(whole, answers.getOrDefault(path, ""));
    String etag = "\"" + Integer.toHexString(body.hashCode()) + "\"";
    boolean same = etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    int status = refusal > 0 ? refusal : body.isEmpty() ? 404 : same ? 304 : 200;
    if (status != 304) {
      counted.add(whole);
      remaining.decrementAndGet();
    }
    exchange.getResponseHeaders().add("ETag", etag);
    exchange.getResponseHeaders().add("X-RateLimit-Limit", Integer.toString(limit));
    exchange.getResponseHeaders().add("X-RateLimit-Remaining", remaining.toString());
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (links.containsKey(whole)) {
      exchange.getResponseHeaders().add("Link", links.get(whole));
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, status == 200 ? bytes.length : -1);
    if (status == 200) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
