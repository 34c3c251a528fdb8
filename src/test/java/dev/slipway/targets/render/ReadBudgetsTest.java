package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.PollResult;
import dev.slipway.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class ReadBudgetsTest extends RenderFixture {
  private static final int DEPLOYS_FOLLOWED = 1000;

  private record Look(Instant at, int deploy) {}

  /** Follows so many deploys for ten minutes of the clock; the looks in each minute. */
  private Map<Long, Integer> looksByMinute(int deploys) {
    var budget = reads.of(new Secret(API_KEY)).budget();
    var next = new PriorityQueue<Look>(Comparator.comparing(Look::at));
    for (int deploy = 0; deploy < deploys; deploy++) {
      next.add(new Look(NOW.plus(budget.reserve()), deploy));
    }
    Map<Long, Integer> looks = new HashMap<>();
    while (next.peek().at().isBefore(NOW.plusSeconds(600))) {
      Look look = next.poll();
      now = look.at();
      looks.merge(Duration.between(NOW, now).toMinutes(), 1, Integer::sum);
      Duration wait = budget.reserve();
      Duration again = wait.compareTo(Duration.ofSeconds(5)) < 0 ? Duration.ofSeconds(5) : wait;
      next.add(new Look(now.plus(again), look.deploy()));
    }
    return looks;
  }

  @Test
  void a_thousand_deploys_stay_below_what_render_allows_and_use_most_of_it() {
    assertThat(looksByMinute(DEPLOYS_FOLLOWED).values()).allMatch(looks -> looks <= 360);
    assertThat(looksByMinute(DEPLOYS_FOLLOWED).get(5L)).isBetween(290, 310);
  }

  @Test
  void a_few_deploys_are_looked_at_as_often_as_they_may() {
    assertThat(looksByMinute(10).get(5L)).isEqualTo(120);
  }

  @Test
  void each_key_has_its_own() {
    for (int i = 0; i < 200; i++) {
      Duration _ = reads.of(new Secret("rnd_one")).budget().reserve();
    }

    assertThat(reads.of(new Secret("rnd_one")).budget().reserve())
        .isEqualTo(Duration.ofMillis(30_200));
    assertThat(reads.of(new Secret("rnd_two")).budget().reserve()).isZero();
  }

  @Test
  void who_has_no_turn_yet_does_not_ask_and_asks_when_it_comes() throws Exception {
    onGet(DEPLOYS + "/dep-one", 200, deploy("dep-one", "build_in_progress", SHA));
    for (int i = 0; i < 99; i++) {
      Duration _ = reads.of(new Secret(API_KEY)).budget().reserve();
    }
    RenderApi api = api();

    assertThat(api.poll(attempt(), "dep-one", log))
        .isEqualTo(new PollResult.NotYet(Duration.ofSeconds(10)));
    assertThat(requests()).isEmpty();
    now = NOW.plusSeconds(10);
    assertThat(api.poll(attempt(), "dep-one", log))
        .isEqualTo(new PollResult.Going("build_in_progress", Duration.ofSeconds(5)));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void hook_and_api_share_the_reads_of_a_key() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger("render-hook"), json(200, "{\"deploy\":{\"id\":\"dep-one\"}}"));
    onGet(DEPLOYS + "/dep-one", 200, deploy("dep-one", "build_in_progress", SHA));
    for (int i = 0; i < 100; i++) {
      start(hook(), attempt());
    }

    assertThat(api().poll(attempt(), "dep-one", log)).isInstanceOf(PollResult.NotYet.class);
  }
}
