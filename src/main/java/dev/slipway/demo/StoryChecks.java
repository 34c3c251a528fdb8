package dev.slipway.demo;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.LoopbackClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Compares what GitHub and the others have after the story with what should be there. */
final class StoryChecks {
  private final DemoWorld world;
  private final Diagram diagram;

  private record Check(boolean held, String words) {}

  StoryChecks(DemoWorld world, Diagram diagram) {
    this.world = world;
    this.diagram = diagram;
  }

  StoryResult run(List<SceneResult> story, List<Scene> all) throws InterruptedException {
    diagram.title("What is left");
    List<Check> checks = new ArrayList<>();
    for (SceneResult result : story) {
      checks.addAll(show(result.scene(), checks(result)));
    }
    for (Scene unplayed : all.subList(story.size(), all.size())) {
      checks.addAll(show(unplayed, List.of(new Check(false, "not played, because of the above"))));
    }
    int held = (int) checks.stream().filter(Check::held).count();
    return new StoryResult(held, checks.size() - held);
  }

  private List<Check> show(Scene scene, List<Check> checks) {
    diagram.text(2, scene.title(), TerminalStyle.BOLD);
    for (Check check : checks) {
      diagram.text(
          4,
          (check.held() ? "✔ " : "✘ ") + check.words(),
          check.held() ? TerminalStyle.GREEN : TerminalStyle.RED);
    }
    return checks;
  }

  private List<Check> checks(SceneResult result) throws InterruptedException {
    List<Check> checks = new ArrayList<>();
    result.problem().ifPresent(problem -> checks.add(new Check(false, problem)));
    List<FakeEvent.StatusCreated> statuses = world.github().statusesOf(result.deployment());
    checks.add(states(result, statuses));
    checks.addAll(log(result, statuses));
    checks.add(commit(result));
    checks.add(commands(result));
    if (result.scene().proof().redelivery()) {
      checks.add(
          new Check(
              result.redelivery().equals("duplicate"),
              result.redelivery().equals("duplicate")
                  ? "the same event again: a duplicate, nothing was deployed twice"
                  : "the same event again: \"%s\" instead of \"duplicate\""
                      .formatted(result.redelivery())));
    }
    return checks;
  }

  private static Check states(SceneResult result, List<FakeEvent.StatusCreated> statuses) {
    List<String> wanted = result.scene().proof().states();
    List<String> actual = statuses.stream().map(FakeEvent.StatusCreated::state).toList();
    String shown = actual.isEmpty() ? "nothing" : String.join(" → ", actual);
    return withoutRepeats(actual).equals(wanted)
        ? new Check(true, "GitHub received " + shown)
        : new Check(
            false, "GitHub received %s instead of %s".formatted(shown, String.join(" → ", wanted)));
  }

  private static List<String> withoutRepeats(List<String> states) {
    return IntStream.range(0, states.size())
        .filter(i -> i == 0 || !states.get(i).equals(states.get(i - 1)))
        .mapToObj(states::get)
        .toList();
  }

  private List<Check> log(SceneResult result, List<FakeEvent.StatusCreated> statuses)
      throws InterruptedException {
    List<String> urls = statuses.stream().map(FakeEvent.StatusCreated::logUrl).distinct().toList();
    if (urls.size() != 1 || !urls.getFirst().startsWith("http")) {
      return List.of(new Check(false, "there is not one log_url on all statuses: " + urls));
    }
    int status = world.caller().get(URI.create(urls.getFirst()), Map.of()).status();
    String text = result.traces().inLog();
    LoopbackClient.Response log =
        world.caller().get(URI.create(urls.getFirst() + "/log"), Map.of());
    boolean found = log.status() == 200 && log.body().contains(text);
    return List.of(
        new Check(status == 200, "one log_url on all of them, and it answers " + status),
        new Check(found, (found ? "the log says \"" : "the log does not say \"") + text + "\""));
  }

  private static Check commit(SceneResult result) {
    String commit = result.traces().commit();
    return commit.equals(result.sha())
        ? new Check(true, "commit " + result.shortSha() + " was asked for, not just a branch")
        : new Check(false, "commit \"%s\" instead of %s".formatted(commit, result.sha()));
  }

  private static Check commands(SceneResult result) {
    int wanted = result.scene().proof().commands();
    int actual = result.traces().commands();
    if (actual != wanted) {
      return new Check(
          false, "the command on your server ran %d times instead of %d".formatted(actual, wanted));
    }
    return new Check(
        true, wanted == 0 ? "the command on your server was left alone" : "the command ran once");
  }
}
