package dev.slipway.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeQovery;
import dev.slipway.fakes.FakeRender;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.LoopbackClient;
import dev.slipway.fakes.LoopbackServer;
import dev.slipway.fakes.StateSchedule;
import dev.slipway.secret.Secret;
import dev.slipway.server.Server;
import dev.slipway.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Slipway that dies at a chosen step and is started again on the same database, with GitHub,
 * Render, Qovery, a receiver of notifications and commands around it, which stay. For one thread.
 */
final class SweepWorld implements AutoCloseable {
  static final String A = "a".repeat(40);
  static final String B = "b".repeat(40);

  /** Who calls the API, by the audit and the statuses. */
  static final String TOKEN = "token SLIPWAY_API_TOKEN";

  /** The status of a command that succeeded. */
  static final String DONE = "success: Command finished";

  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final String API_TOKEN = "api-token-of-the-sweep";
  private static final String QOVERY_APPLICATION = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final FakeRender.Account RENDER =
      new FakeRender.Account(
          "srv-cukouhrtq21c73e9scng", new Secret("0123456789"), new Secret("rnd_0123456789abcdef"));
  private static final Secret QOVERY_TOKEN = new Secret("qov_0123456789abcdef");

  /** What is left in the rows while something waits or goes on. */
  private static final List<String> RESTLESS =
      List.of(
          "select 'run ' || id || ' is ' || state from run where state <> 'ended'",
          "select 'queue ' || queue_key || ' is not empty' from queue"
              + " where running_run_id is not null or head_run_id is not null or waiting <> 0",
          "select 'deployment ' || deployment_id || ' has statuses to post' from outbox",
          "select 'deployment ' || deployment_id || ' has notifications' from notification_queue",
          "select 'deployment ' || deployment_id || ' is to be deleted' from github_deletion");

  final Path folder;
  final SweptCommands commands;
  final SweptHub hub = new SweptHub(this::life);
  private final MortalSqlite sqlite = MortalSqlite.instance();
  private final Map<String, String> settings = new HashMap<>();
  private final LoopbackClient client = new LoopbackClient();
  private final List<FakeEvent> atProviders = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final FakeRender render =
      new FakeRender(
          RENDER,
          InstantSource.system(),
          atProviders::add,
          new MortalNetwork("Render", this::life));
  private final FakeQovery qovery =
      new FakeQovery(
              QOVERY_TOKEN,
              InstantSource.system(),
              atProviders::add,
              new MortalNetwork("Qovery", this::life))
          .withApplication(QOVERY_APPLICATION);
  private final LoopbackServer receiver =
      new LoopbackServer(
          request -> {
            received.add(
                request.header("webhook-id")
                    + " "
                    + JSON.readTree(request.text()).path("type").asString());
            return FakeResponse.json(200, JSON.createObjectNode());
          },
          new MortalNetwork("the receiver", this::life));
  private volatile Life life = new Life();
  private Optional<Server> server = Optional.empty();
  private final List<String> deaths = new ArrayList<>();
  private final Deque<Life> next = new ArrayDeque<>();

  /** An answer of the API. */
  record Answer(int status, JsonNode body) {}

  SweepWorld(Path folder) {
    this.folder = folder;
    this.commands = new SweptCommands(folder);
    render.script(_ -> StateSchedule.endless("build_in_progress"));
    qovery.script(_ -> StateSchedule.endless("BUILDING"));
    set("GITHUB_WEBHOOK_SECRET", SweptHub.WEBHOOK_SECRET.reveal());
    set("GITHUB_TOKEN", SweptHub.TOKEN.reveal());
    set("GITHUB_API_URL", hub.github.address().toString());
    set("GITHUB_CONTENT_PER_MINUTE", "0");
    set("GITHUB_CONTENT_PER_HOUR", "0");
    set("RENDER_API_URL", render.address().toString());
    set("RENDER_API_KEY", RENDER.apiKey().reveal());
    set("QOVERY_API_URL", qovery.address().toString());
    set("QOVERY_API_TOKEN", QOVERY_TOKEN.reveal());
    set("SLIPWAY_DATA", folder.resolve("data").toString());
    set("SLIPWAY_API_TOKEN", API_TOKEN);
    set("SLIPWAY_STOP_GRACE", "1ms");
    set("SLIPWAY_RECONCILE_EVERY", "off");
    set("SLIPWAY_UNKNOWN_GRACE", "1s");
    set("PORT", "0");
  }

  void set(String name, String value) {
    settings.put(name, value);
  }

  /** The address of a receiver of notifications. */
  String receiver() {
    return receiver.address().toString();
  }

  /** What becomes of deploys at Render. */
  void renderDeploys(StateSchedule schedule) {
    render.script(_ -> schedule);
  }

  /** Begins the first life. */
  void start() {
    String routes =
        """
        routes:
          - name: render
            match: {environments: [render]}
            chain: [{render-api: {service-id: %s}}]
          - name: qovery
            match: {environments: [qovery]}
            chain: [{qovery-application: {application-id: %s}}]
          - name: frozen
            match: {environments: [frozen]}
            freeze: [{from: "00:00", to: "24:00", reason: holidays}]
            chain: [{shell: {command: "%s"}}]
          - name: previews
            match: {environments: ["pr-*"]}
            delete-deployments: true
            chain: [{shell: {command: "%s"}}]
            destroy: [{shell: {command: "cd %s; echo destroyed $SLIPWAY_ENVIRONMENT >> ran"}}]
          - name: commands
            match: {environments: ["*"]}
            queue: all
            chain: [{shell: {command: "%s"}}]
        """
            .formatted(
                RENDER.serviceId(),
                QOVERY_APPLICATION,
                commands.line(),
                commands.line(),
                folder,
                commands.line());
    try {
      Files.writeString(folder.resolve("slipway.yml"), routes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    begin();
  }

  private Life life() {
    return life;
  }

  private void begin() {
    life = next.isEmpty() ? new Life() : next.remove();
    sqlite.begin(database(), life);
    Configuration configuration =
        switch (ConfigurationReader.load(settings, folder)) {
          case Configuration.Loaded.Good(Configuration good) -> good;
          case Configuration.Loaded.Bad(List<String> problems) ->
              throw new AssertionError(String.join("\n", problems));
        };
    Server started = Server.start(configuration);
    server = Optional.of(started);
    hub.github.deliverTo(started.address().resolve("/webhooks/github"));
  }

  private Path database() {
    return folder.resolve("data").resolve("slipway.db");
  }

  /** From now on such steps of this life are counted. */
  Life count(Predicate<String> such) {
    life.count(such);
    return life;
  }

  /** From now on such steps of this life are counted, and it ends at the one with this number. */
  Life killAt(int step, Predicate<String> such) {
    life.dieAt(step, such);
    return life;
  }

  /** The life after this one ends at the step with this number, if it comes to so many. */
  void killNextAt(int step, Predicate<String> such) {
    Life after = new Life();
    after.dieAt(step, such);
    next.add(after);
  }

  /** The steps at which it was killed. */
  List<String> deaths() {
    return List.copyOf(deaths);
  }

  /** Starts it again if it has died. What is left of the dead one changes nothing any more. */
  private void revive() {
    while (life.isDead()) {
      deaths.add(life.lastStep());
      stop();
      try {
        begin();
      } catch (StoreException e) {
        // It may die while it starts
        assertThat(life.isDead()).as("%s", e).isTrue();
      }
    }
    hub.redeliverFailed();
  }

  /** Waits, and starts it again meanwhile if it dies. */
  void await(Supplier<String> what, BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    do {
      revive();
      if (System.nanoTime() > until) {
        throw new AssertionError(what.get());
      }
      LockSupport.parkNanos(Duration.ofMillis(15).toNanos());
    } while (!condition.getAsBoolean() || life.isDead());
  }

  /** Waits until nothing waits or goes on any more. */
  void awaitRest() {
    await(() -> "left hanging: " + restless(), () -> hub.hasDeliveredAll() && restless().isEmpty());
  }

  /** Waits until GitHub has all statuses. */
  void awaitStatuses() {
    await(() -> "statuses wait", () -> rows("select 1 from outbox").isEmpty());
  }

  private List<String> restless() {
    return RESTLESS.stream().flatMap(sql -> rows(sql).stream()).toList();
  }

  /** The first column of what is on disk. */
  List<String> rows(String sql) {
    try (Connection connection = sqlite.outside(database());
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(found.getString(1));
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Our number of a deployment of GitHub's. */
  String number(long githubId) {
    return rows("select id from deployment where github_id = " + githubId).getFirst();
  }

  /** The address of a deployment of GitHub's in the API. */
  String api(long githubId) {
    return "/api/deployments/" + number(githubId);
  }

  /** What the API says of a deployment of GitHub's. */
  String state(long githubId) {
    return look(api(githubId)).path("state").asString();
  }

  /** Somebody makes a deployment, and its event is delivered until it was answered with 202. */
  void deploy(long id, String environment, String sha) {
    deploy(id, environment, sha, "deploy", "{}");
  }

  /** The same with a task and a payload. */
  void deploy(long id, String environment, String sha, String task, String payload) {
    hub.create(id, environment, sha);
    deliver(
        "deployment",
        """
        {"action":"created","deployment":{"id":%d,"sha":"%s","ref":"main","task":"%s",
        "environment":"%s","transient_environment":%s,"payload":%s,"description":"",
        "creator":{"login":"mia","type":"User"},"created_at":"%s",
        "performed_via_github_app":null},"workflow_run":null,
        "repository":{"id":1296269,"full_name":"octo-org/hello-world","private":false}}"""
            .formatted(
                id, sha, task, environment, environment.startsWith("pr-"), payload, Instant.now()));
  }

  /** GitHub's event about the pull request, until it was answered with 202. */
  void closePullRequest() {
    deliver(
        "pull_request",
        """
        {"action":"closed","number":12,"pull_request":{"number":12,"merged":true,
        "head":{"ref":"feature","sha":"%s","repo":{"full_name":"octo-org/hello-world"}}},
        "repository":{"id":1296269,"full_name":"octo-org/hello-world"}}"""
            .formatted("c".repeat(40)));
  }

  private void deliver(String event, String body) {
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/json",
            "X-GitHub-Event",
            event,
            "X-GitHub-Enterprise-Host",
            "127.0.0.1",
            "X-GitHub-Delivery",
            UUID.randomUUID().toString(),
            "X-Hub-Signature-256",
            SweptHub.signature(body));
    Optional<Answer> answer = Optional.empty();
    for (int i = 0; answer.isEmpty(); i++) {
      assertThat(i).as("deliveries of %s", body).isLessThan(5);
      answer = send("/webhooks/github", headers, body);
    }
    assertThat(answer.get().status()).as("%s", answer.get().body()).isEqualTo(202);
  }

  /** Asks the API for something until it is done; after an answer that was lost it looks first. */
  void askUntil(String path, String body, BooleanSupplier isDone) {
    Optional<Answer> answer = Optional.empty();
    for (int i = 0; answer.isEmpty() && !isDone.getAsBoolean(); i++) {
      assertThat(i).as("calls of %s", path).isLessThan(5);
      answer = send(path, Map.of("Authorization", "Bearer " + API_TOKEN), body);
    }
    answer.ifPresent(one -> assertThat(one.status()).as("%s", one.body()).isBetween(200, 202));
  }

  /** Asks under a key until there is an answer. */
  Answer ask(String path, String body, String key) {
    Map<String, String> headers =
        Map.of("Authorization", "Bearer " + API_TOKEN, "Idempotency-Key", key);
    Optional<Answer> answer = Optional.empty();
    for (int i = 0; answer.isEmpty(); i++) {
      assertThat(i).as("calls of %s", path).isLessThan(5);
      answer = send(path, headers, body);
    }
    return answer.get();
  }

  /** Reads from the API. */
  JsonNode look(String path) {
    revive();
    try {
      LoopbackClient.Response response =
          client.get(
              server.orElseThrow().address().resolve(path),
              Map.of("Authorization", "Bearer " + API_TOKEN));
      if (life.isDead()) {
        return look(path);
      }
      assertThat(response.status()).as(response.body()).isEqualTo(200);
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What a dead one answers is not known to anybody. */
  private Optional<Answer> send(String path, Map<String, String> headers, String body) {
    revive();
    try {
      LoopbackClient.Response response =
          client.post(
              server.orElseThrow().address().resolve(path),
              headers,
              body.getBytes(StandardCharsets.UTF_8));
      if (life.isDead()) {
        return Optional.empty();
      }
      assertThat(response.status()).as(response.body()).isNotZero();
      return Optional.of(new Answer(response.status(), JSON.readTree(response.body())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The audit, oldest first, as {@code action by actor: reason}. */
  List<String> audit() {
    return look("/api/audit").path("audit").values().stream()
        .map(
            row ->
                "%s by %s: %s"
                    .formatted(
                        row.path("action").asString(),
                        row.path("actor").asString(),
                        row.path("reason").asString()))
        .toList()
        .reversed();
  }

  /** What GitHub was told of ends of a deployment, oldest first. */
  List<String> ends(long id) {
    return hub.statuses(id).stream()
        .filter(status -> !status.startsWith("queued: ") && !status.startsWith("in_progress: "))
        .toList();
  }

  /** What happened at Render and Qovery. */
  <T extends FakeEvent> List<T> atProviders(Class<T> kind) {
    return atProviders.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What the receiver was told, each as id and type. */
  List<String> received() {
    return List.copyOf(received);
  }

  /** What was done before: a deployment that succeeded. */
  void succeed(long id, String environment, String sha) {
    deploy(id, environment, sha);
    awaitStatus(id, "success");
    awaitRest();
  }

  /** Waits for the last status of a deployment. */
  void awaitStatus(long id, String begin) {
    await(
        () -> "of %d GitHub has %s, no %s".formatted(id, hub.statuses(id), begin),
        () -> !hub.statuses(id).isEmpty() && hub.statuses(id).getLast().startsWith(begin));
  }

  /** Ends the last life in an orderly way. */
  void stop() {
    server.ifPresent(Server::close);
    server = Optional.empty();
  }

  @Override
  public void close() {
    stop();
    hub.close();
    render.close();
    qovery.close();
    receiver.close();
    client.close();
    deleteFolder();
  }

  /** There are hundreds in memory. */
  private void deleteFolder() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        boolean _ = Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException stays) {
      // A process that ends at this moment may write its last; all goes with the tests
    }
  }
}
