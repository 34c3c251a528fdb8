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

/** Tells one scene: starts it, draws what happens, and knows when it is over. */
final class SceneRenderer {
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final Set<String> FINAL = Set.of("success", "failure", "error", "inactive");

  private final Diagram diagram;
  private final DemoWorld cast;
  private final InstantSource clock;
  private final Duration patience;
  private final List<DemoWorld.Timed> early = new ArrayList<>();
  private Instant begin = Instant.EPOCH;
  private long deployment;
  private Optional<FakeEvent.DeliveryAnswered> answer = Optional.empty();
  private Optional<FakeEvent.StatusCreated> end = Optional.empty();

  SceneRenderer(Diagram diagram, DemoWorld cast, InstantSource clock, Duration patience) {
    this.diagram = diagram;
    this.cast = cast;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * @param sha the commit that the main branch is at
   */
  SceneResult tell(Scene scene, URI slipway, String sha) throws InterruptedException {
    diagram.title(scene.title());
    diagram.text(0, scene.tagline(), TerminalStyle.PLAIN);
    diagram.blank();
    diagram.cast(scene.provider());
    scene.setting().run();
    cast.github().push("main", sha);
    cast.github().deliverTo(slipway.resolve("/webhooks/github"));
    int commands = cast.server().commits().size();
    begin = clock.instant();
    deployment = cast.createDeployment();
    Optional<String> problem = untilEnd();
    drawEarly();
    String again = "";
    if (problem.isEmpty() && scene.proof().again()) {
      problem = redeliver();
      again = answer.map(FakeEvent.DeliveryAnswered::decision).orElse("");
    }
    tellWhereTheLogIs();
    SceneResult.Traces traces =
        new SceneResult.Traces(
            scene.proof().commit().get(),
            scene.proof().inLog().get(),
            cast.server().commits().size() - commands);
    return new SceneResult(scene, sha, deployment, again, traces, problem);
  }

  private Optional<String> untilEnd() throws InterruptedException {
    Instant deadline = clock.instant().plus(patience);
    while (end.isEmpty()) {
      if (answer.filter(answered -> answered.status() / 100 != 2).isPresent()) {
        return Optional.of("GitHub's delivery was not taken");
      }
      if (!clock.instant().isBefore(deadline)) {
        return Optional.of(
            answer.isEmpty()
                ? "GitHub's delivery was not answered within " + seconds(patience)
                : "no final status came within " + seconds(patience));
      }
      drawNext();
    }
    return Optional.empty();
  }

  private Optional<String> redeliver() throws InterruptedException {
    answer = Optional.empty();
    cast.github().redeliver(deployment);
    Instant deadline = clock.instant().plus(patience);
    while (answer.isEmpty()) {
      if (!clock.instant().isBefore(deadline)) {
        return Optional.of("the second delivery was not answered within " + seconds(patience));
      }
      drawNext();
    }
    return Optional.empty();
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + " s";
  }

  private void tellWhereTheLogIs() {
    end.ifPresent(
        last -> {
          diagram.blank();
          diagram.text(2, "View logs: " + last.logUrl(), TerminalStyle.CYAN);
        });
  }

  private void drawNext() throws InterruptedException {
    DemoWorld.Timed next = cast.next(MOMENT);
    if (next == null) {
      return;
    }
    boolean ofDelivery =
        switch (next.what()) {
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

  private void draw(DemoWorld.Timed timed) {
    double at = Duration.between(begin, timed.at()).toMillis() / 1000.0;
    switch (timed.what()) {
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
      case FakeEvent.StateChanged moved -> diagram.moved(at, moved.state(), inkOf(moved.state()));
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

  private static TerminalStyle inkOf(String phase) {
    return switch (phase) {
      case "live", "DEPLOYED" -> TerminalStyle.GREEN;
      case "build_failed", "canceled", "CANCELED" -> TerminalStyle.RED;
      default -> TerminalStyle.PLAIN;
    };
  }

  private void arrow(
      double at, Participant from, Participant to, String label, TerminalStyle ink, String note) {
    diagram.arrow(at, from, to, new Diagram.Saying(label, ink, note));
  }
}
