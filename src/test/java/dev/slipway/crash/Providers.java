package dev.slipway.crash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GitHub and Render for tests that say themselves when a deploy is over and when an answer comes.
 */
final class Providers implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String DEPLOYS = "/v1/services/" + SmallRender.SERVICE + "/deploys";
  private static final Pattern STATUSES = Pattern.compile(".*/deployments/(\\d+)/statuses");

  final OutsideJournal journal = new OutsideJournal();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong ids = new AtomicLong(900);
  private final Map<Long, List<ObjectNode>> statuses = new ConcurrentHashMap<>();
  private final List<Deploy> deploys = new ArrayList<>();
  private final Set<Long> going = ConcurrentHashMap.newKeySet();
  private final Map<String, Stall> stalls = new ConcurrentHashMap<>();

  private record Deploy(String id, long deployment, String trigger, Instant createdAt) {}

  /** A post that took effect and gets its answer later. */
  record Stall(CountDownLatch reached, CountDownLatch free) {}

  Providers() {
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

  /** The deploy at Render of this deployment goes on until {@link #finish}. */
  void keepGoing(long deployment) {
    going.add(deployment);
  }

  void finish(long deployment) {
    journal.add(new OutsideJournal.Over(deployment, Fleet.address(deployment).key()));
    going.remove(deployment);
  }

  /** The answer to this post is kept back. */
  Stall stall(long deployment, String state) {
    Stall stall = new Stall(new CountDownLatch(1), new CountDownLatch(1));
    stalls.put(deployment + state, stall);
    return stall;
  }

  /** The states that GitHub has of a deployment, oldest first. */
  List<String> states(long deployment) {
    return posted(deployment, "state");
  }

  List<String> posted(long deployment, String field) {
    List<ObjectNode> kept = statuses.getOrDefault(deployment, List.of());
    synchronized (kept) {
      return kept.stream().map(status -> status.path(field).asString()).toList();
    }
  }

  long triggers(long deployment) {
    return journal.all(OutsideJournal.Triggered.class).stream()
        .filter(triggered -> triggered.deployment() == deployment)
        .count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    URI uri = exchange.getRequestURI();
    boolean isPost = exchange.getRequestMethod().equals("POST");
    String path = uri.getPath();
    Matcher status = STATUSES.matcher(path);
    if (status.matches()) {
      long deployment = Long.parseLong(status.group(1));
      answer(exchange, isPost ? post(deployment, JSON.readTree(body)) : list(deployment));
    } else if (isPost && path.equals(DEPLOYS)) {
      answer(exchange, json(start(JSON.readTree(body).path("commitId").asString(), "api")));
    } else if (isPost) {
      Matcher ref = Pattern.compile("ref=([0-9a-f]{40})").matcher(uri.getQuery());
      Deploy deploy = start(ref.find() ? ref.group(1) : "", "deploy_hook");
      ObjectNode answer = JSON.createObjectNode();
      answer.putObject("deploy").put("id", deploy.id());
      answer(exchange, answer);
    } else {
      answer(exchange, read(path));
    }
  }

  private synchronized JsonNode read(String path) {
    if (path.equals(DEPLOYS)) {
      ArrayNode page = JSON.createArrayNode();
      deploys.reversed().forEach(deploy -> page.addObject().set("deploy", json(deploy)));
      return page;
    }
    if (path.startsWith(DEPLOYS)) {
      String id = path.substring(DEPLOYS.length() + 1);
      return json(deploys.stream().filter(d -> d.id().equals(id)).findFirst().orElseThrow());
    }
    return path.endsWith("/events") || path.endsWith("/deployments")
        ? JSON.createArrayNode()
        : JSON.createObjectNode()
            .put("id", SmallRender.SERVICE)
            .put("type", "web_service")
            .put("autoDeploy", "no");
  }

  private synchronized Deploy start(String commit, String trigger) {
    long deployment = Long.parseLong(commit, 16);
    String environment = Fleet.address(deployment).key();
    Deploy deploy =
        new Deploy("dep-%020d".formatted(deploys.size()), deployment, trigger, Instant.now());
    deploys.add(deploy);
    journal.add(new OutsideJournal.Triggered(deployment, environment, trigger));
    if (!going.contains(deployment)) {
      journal.add(new OutsideJournal.Over(deployment, environment));
    }
    return deploy;
  }

  private ObjectNode json(Deploy deploy) {
    boolean over = !going.contains(deploy.deployment());
    ObjectNode json =
        JSON.createObjectNode()
            .put("id", deploy.id())
            .put("status", over ? "live" : "build_in_progress")
            .put("trigger", deploy.trigger())
            .put("createdAt", deploy.createdAt().toString());
    json.putObject("commit").put("id", SmallRender.commitOf(deploy.deployment()));
    if (over) {
      json.put("finishedAt", Instant.now().toString());
    }
    return json;
  }

  private JsonNode post(long deployment, JsonNode wanted) {
    List<ObjectNode> kept = statuses.computeIfAbsent(deployment, _ -> new ArrayList<>());
    String state = wanted.path("state").asString();
    String description = wanted.path("description").asString();
    ObjectNode status = ((ObjectNode) wanted.deepCopy()).put("id", ids.incrementAndGet());
    synchronized (kept) {
      kept.add(status);
      journal.add(new OutsideJournal.Posted(deployment, state, description));
    }
    Stall stall = stalls.remove(deployment + state);
    if (stall != null) {
      await(stall);
    }
    return status;
  }

  private static void await(Stall stall) {
    stall.reached().countDown();
    try {
      stall.free().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode list(long deployment) {
    List<ObjectNode> kept = statuses.computeIfAbsent(deployment, _ -> new ArrayList<>());
    ArrayNode all = JSON.createArrayNode();
    synchronized (kept) {
      kept.reversed().forEach(all::add);
    }
    return all;
  }

  private static void answer(HttpExchange exchange, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    try (exchange) {
      int created = exchange.getRequestMethod().equals("POST") ? 201 : 200;
      exchange.sendResponseHeaders(created, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException callerDied) {
      // it is killed now and then
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    threads.close();
  }
}
