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
  private long deployment;
  private Optional<FakeEvent.DeliveryAnswered> answer = Optional.empty();
  private Optional<FakeEvent.StatusCreated> end = Optional.empty();

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
    world.github().push("main", sha);
    world.github().deliverTo(slipway.resolve("/webhooks/github"));
    int commands = world.server().commits().size();
    began = clock.instant();
    deployment = world.createDeployment();
    Optional<String> problem = awaitEnd();
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

  private Optional<String> awaitEnd() throws InterruptedException {
    Instant deadline = clock.instant().plus(timeout);
    while (end.isEmpty()) {
      if (answer.filter(answered -> answered.status() / 100 != 2).isPresent()) {
        return Optional.of("GitHub's delivery was not taken");
      }
      if (!clock.instant().isBefore(deadline)) {
        return Optional.of(
            answer.isEmpty()
                ? "GitHub's delivery was not answered within " + seconds(timeout)
                : "no final status came within " + seconds(timeout));
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
    end.ifPresent(
        last -> {
          diagram.blank();
          diagram.text(2, "View logs: " + last.logUrl(), TerminalStyle.CYAN);
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
        if (reported.deployment() == deployment && FINAL.contains(reported.state())) {
          end = Optional.of(reported);
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
      case FakeEvent.DeployCreated _ -> {
        // the response to its request is drawn
      }
      case FakeEvent.StateChanged moved ->
          diagram.stateChange(at, moved.state(), styleOf(moved.state()));
    }
  }

  private void drawCreated(double at, FakeEvent.DeploymentCreated created) {
    String what = created.environment() + " " + created.sha().substring(0, 7);
    arrow(
        at,
        Participant.TOOLING,
        Participant.GITHUB,
        "create deployment",
        TerminalStyle.PLAIN,
        what);
    arrow(at, Participant.GITHUB, Participant.TOOLING, "201 created", TerminalStyle.PLAIN, "");
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
