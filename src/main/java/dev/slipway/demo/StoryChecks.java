package dev.slipway.demo;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.LoopbackClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Holds what GitHub and the others have after the story against what should be there. */
final class StoryChecks {
  private final DemoWorld cast;
  private final Diagram diagram;

  private record Check(boolean held, String words) {}

  StoryChecks(DemoWorld cast, Diagram diagram) {
    this.cast = cast;
    this.diagram = diagram;
  }

  StoryResult of(List<SceneResult> story, List<Scene> all) throws InterruptedException {
    diagram.title("What is left");
    List<Check> checks = new ArrayList<>();
    for (SceneResult told : story) {
      checks.addAll(shown(told.scene(), of(told)));
    }
    for (Scene untold : all.subList(story.size(), all.size())) {
      checks.addAll(shown(untold, List.of(new Check(false, "not played, because of the above"))));
    }
    int held = (int) checks.stream().filter(Check::held).count();
    return new StoryResult(held, checks.size() - held);
  }

  private List<Check> shown(Scene scene, List<Check> checks) {
    diagram.text(2, scene.title(), TerminalStyle.BOLD);
    for (Check check : checks) {
      diagram.text(
          4,
          (check.held() ? "✔ " : "✘ ") + check.words(),
          check.held() ? TerminalStyle.GREEN : TerminalStyle.RED);
    }
    return checks;
  }

  private List<Check> of(SceneResult told) throws InterruptedException {
    List<Check> checks = new ArrayList<>();
    told.problem().ifPresent(problem -> checks.add(new Check(false, problem)));
    List<FakeEvent.StatusCreated> statuses = cast.github().statusesOf(told.deployment());
    checks.add(states(told, statuses));
    checks.addAll(log(told, statuses));
    checks.add(commit(told));
    checks.add(commands(told));
    if (told.scene().proof().again()) {
      checks.add(
          new Check(
              told.again().equals("duplicate"),
              told.again().equals("duplicate")
                  ? "the same event again: a duplicate, nothing was deployed twice"
                  : "the same event again: \"%s\" instead of \"duplicate\""
                      .formatted(told.again())));
    }
    return checks;
  }

  private static Check states(SceneResult told, List<FakeEvent.StatusCreated> statuses) {
    List<String> wanted = told.scene().proof().states();
    List<String> actual = statuses.stream().map(FakeEvent.StatusCreated::state).toList();
    String shown = actual.isEmpty() ? "nothing" : String.join(" → ", actual);
    return withoutRepeats(actual).equals(wanted)
        ? new Check(true, "GitHub was told " + shown)
        : new Check(
            false, "GitHub was told %s instead of %s".formatted(shown, String.join(" → ", wanted)));
  }

  private static List<String> withoutRepeats(List<String> states) {
    return IntStream.range(0, states.size())
        .filter(i -> i == 0 || !states.get(i).equals(states.get(i - 1)))
        .mapToObj(states::get)
        .toList();
  }

  private List<Check> log(SceneResult told, List<FakeEvent.StatusCreated> statuses)
      throws InterruptedException {
    List<String> urls = statuses.stream().map(FakeEvent.StatusCreated::logUrl).distinct().toList();
    if (urls.size() != 1 || !urls.getFirst().startsWith("http")) {
      return List.of(new Check(false, "there is not one log_url on all statuses: " + urls));
    }
    int status = cast.caller().get(URI.create(urls.getFirst()), Map.of()).status();
    String text = told.traces().inLog();
    LoopbackClient.Response log = cast.caller().get(URI.create(urls.getFirst() + "/log"), Map.of());
    boolean found = log.status() == 200 && log.body().contains(text);
    return List.of(
        new Check(status == 200, "one log_url on all of them, and it answers " + status),
        new Check(found, (found ? "the log says \"" : "the log does not say \"") + text + "\""));
  }

  private static Check commit(SceneResult told) {
    String commit = told.traces().commit();
    return commit.equals(told.sha())
        ? new Check(true, "commit " + told.shortSha() + " was asked for, not just a branch")
        : new Check(false, "commit \"%s\" instead of %s".formatted(commit, told.sha()));
  }

  private static Check commands(SceneResult told) {
    int wanted = told.scene().proof().commands();
    int actual = told.traces().commands();
    if (actual != wanted) {
      return new Check(
          false, "the command on your server ran %d times instead of %d".formatted(actual, wanted));
    }
    return new Check(
        true, wanted == 0 ? "the command on your server was left alone" : "the command ran once");
  }
}
