package dev.slipway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoryTest {
  private static final StoryTiming FAST =
      new StoryTiming(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(20));

  /** Short, because these scenes have to run into it. */
  private static final StoryTiming HASTY =
      new StoryTiming(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2));

  private final Screen screen = new Screen();
  @TempDir Path folder;

  private Story story(SlipwayLauncher slipway, StoryTiming pace) {
    return new Story(slipway, screen.terminal(), folder, InstantSource.system(), pace);
  }

  @Test
  void the_whole_story_is_told_and_every_check_holds() throws Exception {
    StubSlipway slipway = new StubSlipway(StubSlipway.Flaw.NONE);

    StoryResult outcome = story(slipway, FAST).run(true);

    assertThat(screen.text()).doesNotContain("✘").contains("checks held.");
    assertThat(outcome.isGood()).isTrue();
    assertThat(outcome.held()).isEqualTo(31);
    assertThat(slipway.running).hasValue(0);
    assertThat(screen.text())
        .contains(
            "├─ create deployment ─▸│ production 6dcb09b",
            "├── deployment event ─▸│ signed",
            "│◂─── 202 accepted ────┤",
            "├──── deploy hook ────▸│ commit 6dcb09b",
            "│◂─────── 200 ─────────┤ dep-",
            "│◂─── in_progress ─────┤ it is in_progress",
            "│◂───── success ───────┤ it is success",
            "│◂── 202 duplicate ────┤",
            "│◂ 401 from the hook ──┤",
            "├───── DEPLOY_CMD ────▸│ commit 7fd1a60",
            "● restart",
            "│◂───── failure ───────┤",
            "│◂──── 202 QUEUED ─────┤",
            "View logs: http://127.0.0.1:",
            "✔ GitHub received in_progress → in_progress → in_progress → success");
    assertThat(screen.text().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
  }

  @Test
  void the_scenes_come_in_order_and_each_answer_before_its_work() throws Exception {
    story(new StubSlipway(StubSlipway.Flaw.NONE), FAST).run(true);

    assertThat(screen.text())
        .containsSubsequence(
            "1 · A good day",
            "create deployment",
            "deployment event",
            "202 accepted",
            "in_progress",
            "success",
            "the same again",
            "202 duplicate",
            "2 · A bad day",
            "202 accepted",
            "in_progress",
            "401",
            "DEPLOY_CMD",
            "exit 0",
            "success",
            "3 · A failing build",
            "failure",
            "4 · The way back",
            "create deployment",
            "create deployment",
            "success",
            "5 · Not now",
            "queued",
            "success",
            "6 · Somewhere else",
            "202 QUEUED",
            "success",
            "What is left");
  }

  static Iterable<Map.Entry<StubSlipway.Flaw, String>> flaws() {
    return StubSlipway.flaws();
  }

  @ParameterizedTest
  @MethodSource("flaws")
  void what_is_wrong_is_found(Map.Entry<StubSlipway.Flaw, String> flaw) throws Exception {
    StoryResult outcome = story(new StubSlipway(flaw.getKey()), HASTY).run(false);

    assertThat(screen.text())
        .containsIgnoringWhitespaces(flaw.getValue())
        .contains("checks failed.");
    assertThat(outcome.isGood()).isFalse();
  }

  @Test
  void that_one_of_several_like_statuses_was_left_out_is_not_wrong() throws Exception {
    StoryResult outcome = story(new StubSlipway(StubSlipway.Flaw.SAYS_LESS), FAST).run(true);

    assertThat(screen.text())
        .doesNotContain("✘")
        .contains("✔ GitHub received in_progress → in_progress → success");
    assertThat(outcome.isGood()).isTrue();
  }

  @Test
  void a_scene_that_never_ends_is_the_end_of_the_story() throws Exception {
    story(new StubSlipway(StubSlipway.Flaw.NEVER_ENDS), HASTY).run(true);

    assertThat(screen.text())
        .contains("✘ not played, because of the above")
        .doesNotContain("2 · A bad day\nRender");
  }

  @Test
  void the_pages_stay_open_until_somebody_interrupts() throws Exception {
    StubSlipway slipway = new StubSlipway(StubSlipway.Flaw.NONE);
    BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
    Thread teller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    ends.add(story(slipway, FAST).run(false));
                  } catch (InterruptedException e) {
                    ends.add(e);
                  }
                });
    screen.await("checks", Duration.ofSeconds(30));
    screen.await("stay open until you press Ctrl-C", Duration.ofSeconds(30));

    assertThat(slipway.running).hasValue(2);
    teller.interrupt();
    assertThat(ends.poll(50, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(slipway.running).hasValue(0);
  }

  @Test
  void no_secret_is_told() throws Exception {
    StubSlipway slipway = new StubSlipway(StubSlipway.Flaw.NONE);
    Map<String, String> seen = new ConcurrentHashMap<>();
    story(
            (settings, own) -> {
              seen.putAll(settings);
              return slipway.start(settings, own);
            },
            FAST)
        .run(true);

    assertThat(seen)
        .containsKeys(
            "GITHUB_TOKEN", "GITHUB_WEBHOOK_SECRET", "RENDER_API_KEY", "QOVERY_API_TOKEN");
    assertThat(secretsIn(seen)).hasSize(5).noneMatch(screen.text()::contains);
  }

  private static List<String> secretsIn(Map<String, String> settings) {
    return settings.entrySet().stream()
        .filter(setting -> setting.getKey().matches(".*(TOKEN|SECRET|KEY|HOOK_URL)"))
        .map(setting -> setting.getValue().replaceAll(".*key=", ""))
        .toList();
  }
}
