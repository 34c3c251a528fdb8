package dev.slipway.demo;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeGitHub;
import dev.slipway.fakes.FakeQovery;
import dev.slipway.fakes.FakeRender;
import dev.slipway.fakes.FakeSshServer;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.LoopbackClient;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The fakes around Slipway, and one queue of their events. */
final class DemoWorld implements AutoCloseable {
  private static final String SERVICE = "srv-d4k2lq6uk2gs73f1m0tg";
  private static final String APPLICATION = "3c90c3cc-0d44-4b50-8888-8dd25736052a";

  private final Secret token = secret("ghp_");
  private final Secret webhookSecret = secret("whs_");
  private final Secret apiKey = secret("rnd_");
  private final Secret qoveryToken = secret("qov_");
  private final BlockingQueue<TimedEvent> queue = new LinkedBlockingQueue<>();
  private final LoopbackClient caller = new LoopbackClient();
  private final InstantSource clock;
  private final FakeSshServer server;
  private final FakeGitHub github;
  private final FakeRender render;
  private final FakeQovery qovery;
  private final Duration deploys;
  private final Map<String, String> states = new HashMap<>();

  /** An event and when it happened. */
  record TimedEvent(Instant at, FakeEvent event) {}

  DemoWorld(Path folder, InstantSource clock, StoryTiming timing) {
    this.clock = clock;
    this.server = new FakeSshServer(folder, timing.commandPause());
    this.github = new FakeGitHub(token, webhookSecret, clock, this::publish);
    this.render =
        new FakeRender(new FakeRender.Account(SERVICE, secret(""), apiKey), clock, this::publish);
    this.qovery = new FakeQovery(qoveryToken, clock, this::publish).withApplication(APPLICATION);
    this.deploys = timing.deploy();
    qovery.script(_ -> FakeQovery.succeeding(deploys));
  }

  private static Secret secret(String prefix) {
    return new Secret(prefix + UUID.randomUUID().toString().replace("-", ""));
  }

  /** Adds an event, after those that the server wrote down before it. */
  private synchronized void publish(FakeEvent event) {
    Instant now = clock.instant();
    server.newEvents().forEach(news -> queue.add(new TimedEvent(now, news)));
    queue.add(new TimedEvent(now, event));
  }

  private synchronized void publishServerEvents() {
    server.newEvents().forEach(news -> queue.add(new TimedEvent(clock.instant(), news)));
  }

  FakeGitHub github() {
    return github;
  }

  FakeRender render() {
    return render;
  }

  /** Render's deploys go live from now on. */
  void renderSucceeds() {
    render.acceptKeys(true);
    render.script(_ -> FakeRender.succeeding(deploys));
  }

  /** Render answers 401 to everything from now on, as if the keys had been replaced. */
  void renderRejectsKeys() {
    render.acceptKeys(false);
  }

  /** Render's builds fail from now on. */
  void renderBuildsFail() {
    render.acceptKeys(true);
    render.script(_ -> FakeRender.failingBuild(deploys));
  }

  /** The commit that runs at Qovery. */
  String deployedAtQovery() {
    return qovery.deployed(APPLICATION);
  }

  /** The id of Qovery's newest deployment request. */
  String qoveryRequest() {
    return qovery.requestId(APPLICATION);
  }

  FakeSshServer server() {
    return server;
  }

  LoopbackClient caller() {
    return caller;
  }

  /** Settings of a Slipway with the whole chain: Render's hook, its API, and a command. */
  Map<String, String> onRender(Path folder) {
    Map<String, String> settings = common(folder);
    settings.put("RENDER_API_URL", render.address().toString());
    settings.put("RENDER_DEPLOY_HOOK_URL", render.hook().reveal());
    settings.put("RENDER_API_KEY", apiKey.reveal());
    settings.put("RENDER_SERVICE_ID", SERVICE);
    settings.put("DEPLOY_CMD", server.command());
    return Map.copyOf(settings);
  }

  /** Settings of a Slipway that deploys an application at Qovery. */
  Map<String, String> onQovery(Path folder) {
    Map<String, String> settings = common(folder);
    settings.put("QOVERY_API_URL", qovery.address().toString());
    settings.put("QOVERY_API_TOKEN", qoveryToken.reveal());
    settings.put("QOVERY_APPLICATION_ID", APPLICATION);
    return Map.copyOf(settings);
  }

  private Map<String, String> common(Path folder) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PORT", "0");
    settings.put("SLIPWAY_DATABASE_URL", "jdbc:sqlite:" + folder.resolve("slipway.db"));
    settings.put("GITHUB_WEBHOOK_SECRET", webhookSecret.reveal());
    settings.put("GITHUB_API_URL", github.address().toString());
    settings.put("GITHUB_TOKEN", token.reveal());
    return settings;
  }

  /**
   * A bot in the chat creates a deployment of the main branch; gives GitHub's id of it.
   *
   * @param reason what the payload says about why
   */
  long createDeployment(String task, String reason) throws InterruptedException {
    var body =
        JsonBodies.object()
            .put("ref", "main")
            .put("task", task)
            .put("environment", "production")
            .put("description", "/" + task + " hello-world to production")
            .put("auto_merge", false);
    body.putArray("required_contexts");
    body.putObject("payload").put("room", "#ship-it").put("reason", reason);
    LoopbackClient.Response answer =
        caller.post(
            URI.create(github.address() + "/repos/" + FakeGitHub.REPOSITORY + "/deployments"),
            Map.of(
                "Authorization", "Bearer " + token.reveal(),
                "Accept", "application/vnd.github+json",
                "User-Agent", "octo-chatops"),
            body.toString().getBytes(StandardCharsets.UTF_8));
    if (answer.status() != 201) {
      throw new IllegalStateException("the small GitHub answered " + answer);
    }
    return JsonBodies.read(answer.body()).path("id").asLong();
  }

  /** Waits for the next event; null if there is none for a moment. */
  @Nullable TimedEvent next(Duration moment) throws InterruptedException {
    TimedEvent next = queue.poll(moment.toMillis(), TimeUnit.MILLISECONDS);
    pollStates();
    return next;
  }

  /** Makes events of the states of deploys, which change without a call. */
  private void pollStates() {
    publishServerEvents();
    publishChange("render", render.state());
    publishChange("qovery", qovery.state(APPLICATION));
  }

  private void publishChange(String provider, String phase) {
    if (!phase.equals(states.put(provider, phase)) && !phase.isEmpty()) {
      publish(new FakeEvent.StateChanged(phase));
    }
  }

  @Override
  public void close() {
    qovery.close();
    render.close();
    github.close();
    caller.close();
  }
}
