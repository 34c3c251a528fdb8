package dev.slipway.demo;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells one scene: starts it, draws what happens, and knows when it is over. */
final class Narrator {
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final Set<String> FINAL = Set.of("success", "failure", "error", "inactive");

  private final Diagram diagram;
  private final Cast cast;
  private final InstantSource clock;
  private final Duration patience;
  private final List<Cast.Timed> early = new ArrayList<>();
  private Instant begin = Instant.EPOCH;
  private long deployment;
  private Optional<Happening.Answered> answer = Optional.empty();
  private Optional<Happening.Reported> end = Optional.empty();

  Narrator(Diagram diagram, Cast cast, InstantSource clock, Duration patience) {
    this.diagram = diagram;
    this.cast = cast;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * @param sha the commit that the main branch is at
   */
  Told tell(Scene scene, URI slipway, String sha) throws InterruptedException {
    diagram.title(scene.title());
    diagram.text(0, scene.tagline(), Ink.PLAIN);
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
      again = answer.map(Happening.Answered::decision).orElse("");
    }
    tellWhereTheLogIs();
    Told.Traces traces =
        new Told.Traces(
            scene.proof().commit().get(),
            scene.proof().inLog().get(),
            cast.server().commits().size() - commands);
    return new Told(scene, sha, deployment, again, traces, problem);
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
          diagram.text(2, "View logs: " + last.logUrl(), Ink.CYAN);
        });
  }

  private void drawNext() throws InterruptedException {
    Cast.Timed next = cast.next(MOMENT);
    if (next == null) {
      return;
    }
    boolean ofDelivery =
        switch (next.what()) {
          case Happening.Created _, Happening.Sent _, Happening.Answered _ -> true;
          case Happening.Reported _,
              Happening.Rejected _,
              Happening.Asked _,
              Happening.Replied _,
              Happening.Moved _ ->
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

  private void draw(Cast.Timed timed) {
    double at = Duration.between(begin, timed.at()).toMillis() / 1000.0;
    switch (timed.what()) {
      case Happening.Created created -> drawCreated(at, created);
      case Happening.Sent sent ->
          arrow(
              at,
              Lane.GITHUB,
              Lane.SLIPWAY,
              sent.again() ? "the same again" : "deployment event",
              Ink.PLAIN,
              sent.again() ? "redelivered by hand" : "signed");
      case Happening.Answered answered -> {
        answer = Optional.of(answered);
        drawAnswered(at, answered);
      }
      case Happening.Reported reported -> {
        if (reported.deployment() == deployment && FINAL.contains(reported.state())) {
          end = Optional.of(reported);
        }
        String state = reported.state();
        arrow(at, Lane.SLIPWAY, Lane.GITHUB, state, Ink.ofState(state), reported.description());
      }
      case Happening.Rejected rejected ->
          arrow(
              at,
              Lane.GITHUB,
              Lane.SLIPWAY,
              rejected.status() + " rejected",
              Ink.RED,
              rejected.reason());
      case Happening.Asked asked ->
          arrow(at, Lane.SLIPWAY, Lane.PROVIDER, asked.what(), Ink.PLAIN, asked.detail());
      case Happening.Replied replied ->
          arrow(
              at,
              Lane.PROVIDER,
              Lane.SLIPWAY,
              replied.what(),
              replied.good() ? Ink.PLAIN : Ink.RED,
              replied.detail());
      case Happening.Moved moved -> diagram.moved(at, moved.phase(), inkOf(moved.phase()));
    }
  }

  private void drawCreated(double at, Happening.Created created) {
    String what = created.environment() + " " + created.sha().substring(0, 7);
    arrow(at, Lane.TOOLING, Lane.GITHUB, "create deployment", Ink.PLAIN, what);
    arrow(at, Lane.GITHUB, Lane.TOOLING, "201 created", Ink.PLAIN, "");
  }

  private void drawAnswered(double at, Happening.Answered answered) {
    boolean good = answered.status() / 100 == 2;
    String status = answered.status() == 0 ? "no answer" : Integer.toString(answered.status());
    arrow(
        at,
        Lane.SLIPWAY,
        Lane.GITHUB,
        (status + " " + answered.decision()).strip(),
        good ? Ink.PLAIN : Ink.RED,
        answered.reason());
  }

  private static Ink inkOf(String phase) {
    return switch (phase) {
      case "live", "DEPLOYED" -> Ink.GREEN;
      case "build_failed", "canceled", "CANCELED" -> Ink.RED;
      default -> Ink.PLAIN;
    };
  }

  private void arrow(double at, Lane from, Lane to, String label, Ink ink, String note) {
    diagram.arrow(at, from, to, new Diagram.Saying(label, ink, note));
  }
}
