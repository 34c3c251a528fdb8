package dev.slipway.sweep;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeGitHub;
import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.fakes.RequestHandler;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * GitHub with a repository whose pull request #12 is closed. It keeps what a Slipway did to it, and
 * delivers by itself what was created over its API.
 */
final class SweptHub implements NetworkBehavior, AutoCloseable {
  static final Secret TOKEN = new Secret("ghp_0123456789abcdefghijklmnopqrstuvwxyz");
  static final Secret WEBHOOK_SECRET = new Secret("It's a Secret to Everybody");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern DEPLOYMENT = Pattern.compile(".*/deployments/(\\d+)(/.*)?");

  /** A deployment that a Slipway created. */
  record Created(long id, String environment, String sha) {}

  private final MortalNetwork network;
  private final Set<Long> own = ConcurrentHashMap.newKeySet();
  private final List<Created> created = new CopyOnWriteArrayList<>();
  private final Set<Long> delivered = ConcurrentHashMap.newKeySet();
  private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
  private final Map<Long, List<String>> deleted = new ConcurrentHashMap<>();
  final FakeGitHub github;

  SweptHub(Supplier<Life> life) {
    this.network = new MortalNetwork("GitHub", life);
    this.github = new FakeGitHub(TOKEN, WEBHOOK_SECRET, InstantSource.system(), this::hear, this);
  }

  private void hear(FakeEvent event) {
    switch (event) {
      case FakeEvent.DeploymentCreated made when !own.contains(made.deployment()) -> {
        underWay.add(made.deployment());
        created.add(new Created(made.deployment(), made.environment(), made.sha()));
      }
      case FakeEvent.DeliveryAnswered answer -> {
        if (answer.status() == 202) {
          delivered.add(answer.deployment());
        }
        underWay.remove(answer.deployment());
      }
      default -> {
        // is asked for later, or is of no account
      }
    }
  }

  @Override
  public FakeResponse carry(FakeRequest request, RequestHandler server) {
    return network.carry(request, arrived -> answer(arrived, server));
  }

  private FakeResponse answer(FakeRequest request, RequestHandler server) {
    String path = request.uri().getPath();
    Matcher deployment = DEPLOYMENT.matcher(path);
    if (deployment.matches()) {
      long id = Long.parseLong(deployment.group(1));
      if (request.method().equals("DELETE")) {
        boolean isThere = !deleted.containsKey(id);
        deleted.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>()).add("asked");
        return FakeResponse.json(isThere ? 204 : 404, JSON.createObjectNode());
      }
      if (deleted.containsKey(id)) {
        deleted.get(id).add(request.method() + " of one that is gone");
        return FakeResponse.json(404, JSON.createObjectNode().put("message", "Not Found"));
      }
    }
    return path.endsWith("/pulls/12")
        ? FakeResponse.json(200, pullRequest())
        : server.handle(request);
  }

  private static ObjectNode pullRequest() {
    ObjectNode pull =
        JSON.createObjectNode()
            .put("number", 12)
            .put("state", "closed")
            .put("closed_at", "2099-01-01T00:00:00Z");
    ObjectNode head = pull.putObject("head").put("ref", "feature").put("sha", "c".repeat(40));
    head.putObject("repo").put("full_name", FakeGitHub.REPOSITORY);
    pull.putObject("base")
        .put("ref", "main")
        .putObject("repo")
        .put("full_name", FakeGitHub.REPOSITORY);
    return pull;
  }

  /** Makes a deployment as somebody else would. */
  void create(long id, String environment, String sha) {
    own.add(id);
    github.create(id, FakeGitHub.REPOSITORY, environment, sha);
  }

  static String signature(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return "sha256=" + HexFormat.of().formatHex(Hmac.of(WEBHOOK_SECRET, bytes));
  }

  /** Delivers again what was created over the API and not answered with 202. */
  void redeliverFailed() {
    created.stream()
        .map(Created::id)
        .filter(id -> !delivered.contains(id) && underWay.add(id))
        .forEach(github::redeliver);
  }

  /** Whether the event of each deployment that was created over the API was answered with 202. */
  boolean hasDeliveredAll() {
    return created.stream().map(Created::id).allMatch(delivered::contains);
  }

  /** What was created over the API, in its order. */
  List<Created> created() {
    return List.copyOf(created);
  }

  /** What was asked of a deployment since GitHub was told to delete it. */
  List<String> sinceDeletion(long id) {
    return List.copyOf(deleted.getOrDefault(id, List.of()));
  }

  /** The statuses of a deployment as {@code state: description}, oldest first. */
  List<String> statuses(long id) {
    return github.statusesOf(id).stream()
        .map(status -> status.state() + ": " + status.description())
        .toList();
  }

  @Override
  public void close() {
    github.close();
  }
}
