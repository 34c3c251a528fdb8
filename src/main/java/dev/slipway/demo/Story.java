package dev.slipway.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Days of a team, drawn in the terminal while they happen, against fakes on 127.0.0.1. Nothing
 * leaves the machine. At the end the statuses at GitHub are checked.
 */
public final class Story {
  private static final List<String> COMMITS =
      List.of(
          "6dcb09b5b57875f334f61aebed695e2e4193db5e",
          "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
          "c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c",
          "762941318ee16e59dabbacb1b4049eec22f0d303",
          "1ca5b3fdc5e7aa79b3b08cf4b1cd9d0d2a6b8f2e");

  private final SlipwayLauncher slipway;
  private final Terminal terminal;
  private final Path folder;
  private final InstantSource clock;
  private final StoryTiming timing;

  /** A scene, the Slipway that plays in it, and the commit that it is about. */
  private record ScheduledScene(Scene scene, URI address, String commit) {}

  /**
   * @param folder an empty directory for everything that the story writes
   */
  public Story(
      SlipwayLauncher slipway,
      Terminal terminal,
      Path folder,
      InstantSource clock,
      StoryTiming timing) {
    this.slipway = slipway;
    this.terminal = terminal;
    this.folder = folder;
    this.clock = clock;
    this.timing = timing;
  }

  /**
   * Plays the story and checks how it ended. Never hangs: a scene that takes too long is the end of
   * the story.
   *
   * @param once returns at the end; otherwise the log pages stay open until the thread is
   *     interrupted, provided that everything is as it should be
   */
  public StoryResult run(boolean once) throws InterruptedException {
    Diagram diagram = new Diagram(terminal);
    introduce(diagram);
    Path onRender = createFolder("render");
    Path onQovery = createFolder("qovery");
    try (DemoWorld world = new DemoWorld(folder, clock, timing);
        SlipwayLauncher.Running first = slipway.start(world.onRender(onRender), onRender);
        SlipwayLauncher.Running second = slipway.start(world.onQovery(onQovery), onQovery)) {
      List<ScheduledScene> script = script(world, first.address(), second.address());
      List<SceneResult> results = play(script, world, diagram);
      StoryResult outcome =
          new StoryChecks(world, diagram)
              .run(results, script.stream().map(ScheduledScene::scene).toList());
      conclude(diagram, outcome);
      if (!once && outcome.isGood()) {
        stayOpen(diagram);
      }
      return outcome;
    }
  }

  private static void introduce(Diagram diagram) {
    diagram.blank();
    diagram.text(0, "Slipway takes GitHub's deployment events and deploys.", TerminalStyle.BOLD);
    diagram.text(
        0,
        "It is the real one here. GitHub, Render and Qovery are small stand-ins",
        TerminalStyle.PLAIN);
    diagram.text(0, "on 127.0.0.1: nothing leaves this machine.", TerminalStyle.PLAIN);
  }

  private Path createFolder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("the demo's folder cannot be written: " + folder, e);
    }
  }

  private List<SceneResult> play(List<ScheduledScene> script, DemoWorld world, Diagram diagram)
      throws InterruptedException {
    List<SceneResult> story = new ArrayList<>();
    for (ScheduledScene played : script) {
      SceneRenderer renderer = new SceneRenderer(diagram, world, clock, timing.timeout());
      SceneResult result = renderer.render(played.scene(), played.address(), played.commit());
      story.add(result);
      if (result.problem().isPresent()) {
        break;
      }
    }
    return story;
  }

  private static List<ScheduledScene> script(DemoWorld world, URI onRender, URI onQovery) {
    return List.of(
        new ScheduledScene(goodDay(world), onRender, COMMITS.get(0)),
        new ScheduledScene(badDay(world), onRender, COMMITS.get(1)),
        new ScheduledScene(failingBuild(world), onRender, COMMITS.get(2)),
        new ScheduledScene(rollback(world), onRender, COMMITS.get(0)),
        new ScheduledScene(lock(world), onRender, COMMITS.get(3)),
        new ScheduledScene(elsewhere(world), onQovery, COMMITS.get(4)));
  }

  private static Scene goodDay(DemoWorld world) {
    return new Scene(
        Scene.Kind.DEPLOYMENT,
        "1 · A good day",
        "A bot in the chat creates a deployment. Render builds it, and it goes live.",
        "Render",
        world::renderSucceeds,
        new Scene.Proof(
            List.of("in_progress", "success"),
            () -> newest(world.render().commits()),
            () -> newest(world.render().ids()),
            0,
            true));
  }

  private static Scene badDay(DemoWorld world) {
    return new Scene(
        Scene.Kind.DEPLOYMENT,
        "2 · A bad day",
        "Render's keys were replaced, ours is an old one. Nothing was started, so the chain goes on.",
        "Render · your server",
        world::renderRejectsKeys,
        new Scene.Proof(
            List.of("in_progress", "success"),
            () -> newest(world.server().commits()),
            () -> "hello-world runs " + COMMITS.get(1).substring(0, 7),
            1,
            false));
  }

  private static Scene failingBuild(DemoWorld world) {
    return new Scene(
        Scene.Kind.DEPLOYMENT,
        "3 · A failing build",
        "Render takes it and the build fails: no other way is tried, and the log says why.",
        "Render · your server",
        world::renderBuildsFail,
        new Scene.Proof(
            List.of("in_progress", "failure"),
            () -> newest(world.render().commits()),
            () -> "expected \"Hello, world\" but was \"Helo, world\"",
            0,
            false));
  }

  private static Scene rollback(DemoWorld world) {
    return new Scene(
        Scene.Kind.ROLLBACK,
        "4 · The way back",
        "The bot asks for a rollback: Slipway creates a deployment of the last good commit before.",
        "Render",
        world::renderSucceeds,
        new Scene.Proof(
            List.of("in_progress", "success"),
            () -> newest(world.render().commits()),
            () -> newest(world.render().ids()),
            0,
            false));
  }

  private static Scene lock(DemoWorld world) {
    return new Scene(
        Scene.Kind.LOCK,
        "5 · Not now",
        "Somebody locks production. A deployment waits, and goes on when it is unlocked.",
        "Render",
        world::renderSucceeds,
        new Scene.Proof(
            List.of("queued", "in_progress", "success"),
            () -> newest(world.render().commits()),
            () -> newest(world.render().ids()),
            0,
            false));
  }

  private static Scene elsewhere(DemoWorld world) {
    return new Scene(
        Scene.Kind.DEPLOYMENT,
        "6 · Somewhere else",
        "Another Slipway, set up for Qovery. GitHub sees no difference.",
        "Qovery",
        () -> {},
        new Scene.Proof(
            List.of("in_progress", "success"),
            world::deployedAtQovery,
            world::qoveryRequest,
            0,
            false));
  }

  private static String newest(List<String> all) {
    return all.isEmpty() ? "nothing" : all.getLast();
  }

  private static void conclude(Diagram diagram, StoryResult outcome) {
    diagram.blank();
    diagram.text(
        0,
        outcome.isGood()
            ? "All %d checks held.".formatted(outcome.held())
            : "%d of %d checks failed."
                .formatted(outcome.broken(), outcome.held() + outcome.broken()),
        outcome.isGood() ? TerminalStyle.GREEN : TerminalStyle.RED);
  }

  private static void stayOpen(Diagram diagram) throws InterruptedException {
    diagram.text(0, "The log pages above stay open until you press Ctrl-C.", TerminalStyle.PLAIN);
    new CountDownLatch(1).await();
  }
}
