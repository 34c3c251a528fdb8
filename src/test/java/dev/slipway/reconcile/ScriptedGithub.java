package dev.slipway.reconcile;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.LoopbackServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** GitHub's lists as files: an answer per path, with ETags and an hourly limit that is counted. */
final class ScriptedGithub implements AutoCloseable {
  private final LoopbackServer server = new LoopbackServer(this::answer);
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final Map<String, String> links = new ConcurrentHashMap<>();
  private volatile int limit = 5_000;
  private final AtomicInteger remaining = new AtomicInteger(5_000);

  /** Every call, as path and query. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  /** The calls that counted against the hourly limit. */
  final List<String> counted = new CopyOnWriteArrayList<>();

  URI address() {
    return server.address();
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

  private FakeResponse answer(FakeRequest request) {
    String path = request.uri().getPath();
    String whole = request.uri().toString();
    calls.add(whole);
    int refusal = refusals.getOrDefault(path, 0);
    String body = answers.getOrDefault(whole, answers.getOrDefault(path, ""));
    String etag = "\"" + Integer.toHexString(body.hashCode()) + "\"";
    boolean same = etag.equals(request.header("If-None-Match"));
    int status = refusal > 0 ? refusal : body.isEmpty() ? 404 : same ? 304 : 200;
    if (status == 200 && path.endsWith("/access_tokens")) {
      return FakeResponse.text(201, body).with("Content-Type", "application/json");
    }
    if (status != 304) {
      counted.add(whole);
      remaining.decrementAndGet();
    }
    FakeResponse response =
        FakeResponse.text(status, status == 200 ? body : "")
            .with("Content-Type", "application/json")
            .with("ETag", etag)
            .with("X-RateLimit-Limit", Integer.toString(limit))
            .with("X-RateLimit-Remaining", remaining.toString());
    return links.containsKey(whole) ? response.with("Link", links.get(whole)) : response;
  }

  @Override
  public void close() {
    server.close();
  }
}
