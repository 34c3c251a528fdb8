package dev.slipway.demo;

import dev.slipway.fakes.FakeEvent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Plays one scene: starts it, and draws its events until it is over. */
final class SceneRenderer {
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final Set<String> FINAL = Set.of("success", "failure", "error", "inactive");

  private final Diagram diagram;
  private final DemoWorld world;
  private final InstantSource clock;
  private final Duration timeout;
  private final List<DemoWorld.TimedEvent> early = new ArrayList<>();
  private Instant began = Instant.EPOCH;
  private Scene.Kind kind = Scene.Kind.DEPLOYMENT;
  // The deployment that the scene is about, and the first one that the bot created
  private long deployment;
  private long first;
  private Optional<FakeEvent.DeliveryAnswered> answer = Optional.empty();
  private Optional<FakeEvent.StatusCreated> last = Optional.empty();

  SceneRenderer(Diagram diagram, DemoWorld world, InstantSource clock, Duration timeout) {
    this.diagram = diagram;
    this.world = world;
    this.clock = clock;
    this.timeout = timeout;
  }

  /**
   * @param sha the commit that the main branch is at
   */
  SceneResult render(Scene scene, URI slipway, String sha) throws InterruptedException {
    diagram.title(scene.title());
    diagram.text(0, scene.tagline(), TerminalStyle.PLAIN);
    diagram.blank();
    diagram.header(scene.provider());
    scene.setting().run();
    kind = scene.kind();
    if (kind != Scene.Kind.ROLLBACK) {
      world.github().push("main", sha);
    }
    world.github().deliverTo(slipway.resolve("/webhooks/github"));
    int commands = world.server().commits().size();
    began = clock.instant();
    Optional<String> problem = play();
    drawEarly();
    String again = "";
    if (problem.isEmpty() && scene.proof().redelivery()) {
      problem = redeliver();
      again = answer.map(FakeEvent.DeliveryAnswered::decision).orElse("");
    }
    drawLogUrl();
    SceneResult.Traces traces =
        new SceneResult.Traces(
            scene.proof().commit().get(),
            scene.proof().inLog().get(),
            world.server().commits().size() - commands);
    return new SceneResult(scene, sha, deployment, again, traces, problem);
  }

  private Optional<String> play() throws InterruptedException {
    return switch (kind) {
      case DEPLOYMENT -> {
        create("deploy", "it is ready");
        yield awaitEnd();
      }
      case ROLLBACK -> {
        create("rollback", "greetings are broken");
        yield awaitEnd();
      }
      case LOCK -> lock();
    };
  }

  private Optional<String> lock() throws InterruptedException {
    create("deploy:lock", "database migration");
    Optional<String> problem = awaitEnd();
    if (problem.isEmpty()) {
      create("deploy", "it is ready");
      problem = await("queued"::equals, "no status said that it waits");
    }
    if (problem.isEmpty()) {
      long waiting = deployment;
      create("deploy:unlock", "migrated");
      deployment = waiting;
      problem = awaitEnd();
    }
    return problem;
  }

  private void create(String task, String reason) throws InterruptedException {
    last = Optional.empty();
    long created = world.createDeployment(task, reason);
    first = first == 0 ? created : first;
    deployment = created;
  }

  private Optional<String> awaitEnd() throws InterruptedException {
    return await(FINAL::contains, "no final status came");
  }

  private Optional<String> await(Predicate<String> state, String otherwise)
      throws InterruptedException {
    Instant deadline = clock.instant().plus(timeout);
    while (last.map(FakeEvent.StatusCreated::state).filter(state).isEmpty()) {
      if (answer.filter(answered -> answered.status() / 100 != 2).isPresent()) {
        return Optional.of("GitHub's delivery was not taken");
      }
      if (!clock.instant().isBefore(deadline)) {
        return Optional.of(
            answer.isEmpty()
                ? "GitHub's delivery was not answered within " + seconds(timeout)
                : otherwise + " within " + seconds(timeout));
      }
      drawNext();
    }
    return Optional.empty();
  }

  private Optional<String> redeliver() throws InterruptedException {
    answer = Optional.empty();
    world.github().redeliver(deployment);
    Instant deadline = clock.instant().plus(timeout);
    while (answer.isEmpty()) {
      if (!clock.instant().isBefore(deadline)) {
        return Optional.of("the second delivery was not answered within " + seconds(timeout));
      }
      drawNext();
    }
    return Optional.empty();
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + " s";
  }

  private void drawLogUrl() {
    last.ifPresent(
        status -> {
          diagram.blank();
          diagram.text(2, "View logs: " + status.logUrl(), TerminalStyle.CYAN);
        });
  }

  private void drawNext() throws InterruptedException {
    DemoWorld.TimedEvent next = world.next(MOMENT);
    if (next == null) {
      return;
    }
    boolean ofDelivery =
        switch (next.event()) {
          case FakeEvent.DeploymentCreated _,
              FakeEvent.DeliverySent _,
              FakeEvent.DeliveryAnswered _ ->
              true;
          case FakeEvent.StatusCreated _,
              FakeEvent.StatusRejected _,
              FakeEvent.RequestReceived _,
              FakeEvent.DeployCreated _,
              FakeEvent.CancelReceived _,
              FakeEvent.ResponseSent _,
              FakeEvent.StateChanged _ ->
              false;
        };
    if (!ofDelivery && answer.isEmpty()) {
      // Slipway works on while its answer is still on the way; the answer is drawn before that work
      early.add(next);
      return;
    }
    draw(next);
    if (answer.isPresent()) {
      drawEarly();
    }
  }

  private void drawEarly() {
    early.forEach(this::draw);
    early.clear();
  }

  private void draw(DemoWorld.TimedEvent timed) {
    double at = Duration.between(began, timed.at()).toMillis() / 1000.0;
    switch (timed.event()) {
      case FakeEvent.DeploymentCreated created -> drawCreated(at, created);
      case FakeEvent.DeliverySent sent ->
          arrow(
              at,
              Participant.GITHUB,
              Participant.SLIPWAY,
              sent.redelivery() ? "the same again" : "deployment event",
              TerminalStyle.PLAIN,
              sent.redelivery() ? "redelivered by hand" : "signed");
      case FakeEvent.DeliveryAnswered answered -> {
        answer = Optional.of(answered);
        drawAnswered(at, answered);
      }
      case FakeEvent.StatusCreated reported -> {
        if (reported.deployment() == deployment) {
          last = Optional.of(reported);
        }
        String state = reported.state();
        arrow(
            at,
            Participant.SLIPWAY,
            Participant.GITHUB,
            state,
            TerminalStyle.ofState(state),
            reported.description());
      }
      case FakeEvent.StatusRejected rejected ->
          arrow(
              at,
              Participant.GITHUB,
              Participant.SLIPWAY,
              rejected.status() + " rejected",
              TerminalStyle.RED,
              rejected.reason());
      case FakeEvent.RequestReceived asked ->
          arrow(
              at,
              Participant.SLIPWAY,
              Participant.PROVIDER,
              asked.call(),
              TerminalStyle.PLAIN,
              asked.detail());
      case FakeEvent.ResponseSent replied ->
          arrow(
              at,
              Participant.PROVIDER,
              Participant.SLIPWAY,
              replied.answer(),
              replied.good() ? TerminalStyle.PLAIN : TerminalStyle.RED,
              replied.detail());
      case FakeEvent.DeployCreated _, FakeEvent.CancelReceived _ -> {
        // request and response are drawn
      }
      case FakeEvent.StateChanged moved ->
          diagram.stateChange(at, moved.state(), styleOf(moved.state()));
    }
  }

  private void drawCreated(double at, FakeEvent.DeploymentCreated created) {
    String what = created.environment() + " " + created.sha().substring(0, 7);
    boolean bySlipway = kind == Scene.Kind.ROLLBACK && created.deployment() != first;
    if (bySlipway) {
      deployment = created.deployment();
      last = Optional.empty();
    }
    Participant maker = bySlipway ? Participant.SLIPWAY : Participant.TOOLING;
    arrow(at, maker, Participant.GITHUB, "create deployment", TerminalStyle.PLAIN, what);
    arrow(at, Participant.GITHUB, maker, "201 created", TerminalStyle.PLAIN, "");
  }

  private void drawAnswered(double at, FakeEvent.DeliveryAnswered answered) {
    boolean good = answered.status() / 100 == 2;
    String status = answered.status() == 0 ? "no answer" : Integer.toString(answered.status());
    arrow(
        at,
        Participant.SLIPWAY,
        Participant.GITHUB,
        (status + " " + answered.decision()).strip(),
        good ? TerminalStyle.PLAIN : TerminalStyle.RED,
        answered.reason());
  }

  private static TerminalStyle styleOf(String phase) {
    return switch (phase) {
      case "live", "DEPLOYED" -> TerminalStyle.GREEN;
      case "build_failed", "canceled", "CANCELED" -> TerminalStyle.RED;
      default -> TerminalStyle.PLAIN;
    };
  }

  private void arrow(
      double at, Participant from, Participant to, String label, TerminalStyle style, String note) {
    diagram.arrow(at, from, to, new Diagram.Message(label, style, note));
  }
}
