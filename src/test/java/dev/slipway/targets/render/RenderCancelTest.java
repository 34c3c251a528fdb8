package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.mockserver.model.HttpRequest.request;

import dev.slipway.model.StopResult;
import dev.slipway.targets.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.model.HttpRequest;

class RenderCancelTest extends RenderFixture {
  private static final String CANCEL = DEPLOYS + "/dep-one/cancel";

  @ParameterizedTest
  @ValueSource(strings = {"render-hook", "render-api"})
  void a_deploy_is_cancelled_at_render(String name) throws Exception {
    on(cancel(), json(200, deploy("dep-one", "canceled", SHA)));

    Target target = target(name, base());
    assertThat(target.stop(attempt(), "dep-one", log))
        .isEqualTo(new StopResult.Done("cancelled at Render"));
    assertThat(requests()).containsExactly("POST " + CANCEL);
    assertThat(lastRequest().getFirstHeader("Authorization")).isEqualTo("Bearer " + API_KEY);
    assertThat(log.lines).containsExactly("Render API: POST " + base() + CANCEL);
  }

  @Test
  void a_deploy_that_was_faster_is_told_as_it_is() throws Exception {
    on(cancel(), json(200, deploy("dep-one", "live", SHA)));

    assertThat(api().stop(attempt(), "dep-one", log))
        .isEqualTo(new StopResult.Done("Render was asked to cancel and says live"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, not stopped: Render answered 401: too late; check RENDER_API_KEY",
    "404, not stopped: Render answered 404: too late; check that RENDER_API_KEY is of the workspace that has the service"
  })
  void a_refusal_to_cancel_is_told(int status, String outcome) throws Exception {
    on(cancel(), json(status, "{\"message\":\"too late\"}"));

    assertThat(api().stop(attempt(), "dep-one", log)).isEqualTo(new StopResult.Done(outcome));
  }

  @ParameterizedTest
  @CsvSource({
    "400, not stopped: Render answered 400: too early",
    "429, not stopped: Render answered 429: too early",
    "500, not stopped: Render answered 500: too early"
  })
  void what_may_be_cancelled_later_is_to_be_asked_again(int status, String outcome)
      throws Exception {
    on(cancel(), json(status, "{\"message\":\"too early\"}"));

    assertThat(api().stop(attempt(), "dep-one", log)).isEqualTo(notYet(outcome));
  }

  @Test
  void an_answer_that_says_when_to_ask_again_is_heeded() throws Exception {
    on(cancel(), json(429, "{}").withHeader("Retry-After", "40"));

    assertThat(api().stop(attempt(), "dep-one", log))
        .isEqualTo(
            new StopResult.NotYet("not stopped: Render answered 429", Duration.ofSeconds(40)));
  }

  @Test
  void a_lost_connection_is_told() throws Exception {
    drop(cancel());

    assertThat(api().stop(attempt(), "dep-one", log))
        .isInstanceOf(StopResult.NotYet.class)
        .extracting(StopResult::outcome, STRING)
        .startsWith("not stopped: ");
  }

  @Test
  void the_deploy_of_a_cron_job_cannot_be_cancelled() throws Exception {
    assertThat(api(base(), "crn-abc", null).stop(attempt(), "dep-one", log).outcome())
        .contains("cannot cancel", "cron job");
    assertThat(requests()).isEmpty();
  }

  @Test
  void a_deploy_whose_id_is_not_known_yet_is_looked_up_first() throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-one", "queued", SHA, "deploy_hook", NOW)));
    on(cancel(), json(200, deploy("dep-one", "canceled", SHA)));

    assertThat(hook().stop(attempt(), "hook:" + NOW.toEpochMilli(), log))
        .isEqualTo(new StopResult.Done("cancelled at Render"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, not stopped: Render shows no deploy to cancel",
    "500, not stopped: Render's deploys cannot be listed: Render answered 500"
  })
  void a_deploy_that_is_not_to_be_seen_cannot_be_cancelled(int status, String outcome)
      throws Exception {
    onGet(DEPLOYS, status, "[]");

    assertThat(hook().stop(attempt(), "hook:" + NOW.toEpochMilli(), log))
        .isEqualTo(notYet(outcome));
  }

  @Test
  void a_deploy_that_may_be_somebody_elses_is_not_cancelled() throws Exception {
    on(cancel(), json(200, deploy("dep-one", "canceled", SHA)));
    onGet(
        DEPLOYS,
        200,
        listed(
            deploy("dep-two", "queued", SHA, "deploy_hook", NOW.plusSeconds(2)),
            deploy("dep-one", "queued", SHA, "deploy_hook", NOW.plusSeconds(1))));
    RenderHook hook = hook();
    String id = "hook:" + NOW.toEpochMilli();

    hook.poll(attempt(), id, log);

    assertThat(hook.stop(attempt(), id, log))
        .isEqualTo(
            new StopResult.Done(
                "not stopped: Render has not said which deploy is ours; cancel it in its"
                    + " dashboard"));
    assertThat(requests()).doesNotContain("POST " + CANCEL);
  }

  @Test
  void a_deploy_that_another_run_has_is_not_cancelled() throws Exception {
    on(cancel(), json(200, deploy("dep-one", "canceled", SHA)));
    onGet(
        DEPLOYS, 200, listed(deploy("dep-one", "queued", SHA, "deploy_hook", NOW.plusSeconds(1))));
    ofOthers.add("dep-one");

    assertThat(hook().stop(attempt(), "hook:" + NOW.toEpochMilli(), log))
        .isEqualTo(notYet("not stopped: Render shows no deploy to cancel"));
    assertThat(requests()).doesNotContain("POST " + CANCEL);
  }

  @ParameterizedTest
  @CsvSource({"deploy_hook, -1", "api, 1", "new_commit, 1"})
  void a_deploy_from_before_our_call_or_of_another_way_is_not_cancelled(
      String trigger, long seconds) throws Exception {
    on(cancel(), json(200, deploy("dep-one", "canceled", SHA)));
    onGet(
        DEPLOYS, 200, listed(deploy("dep-one", "queued", SHA, trigger, NOW.plusSeconds(seconds))));
    RenderHook hook = hook();
    String id = "hook:" + NOW.toEpochMilli();

    hook.poll(attempt(), id, log);

    assertThat(hook.stop(attempt(), id, log))
        .isEqualTo(notYet("not stopped: Render shows no deploy to cancel"));
    assertThat(requests()).doesNotContain("POST " + CANCEL);
  }

  @Test
  void without_an_api_key_nothing_can_be_cancelled() throws Exception {
    assertThat(hookWithoutKey().stop(attempt(), "untracked", log).outcome())
        .contains("RENDER_API_KEY");
    assertThat(hook().stop(attempt(), "untracked", log).outcome()).contains("RENDER_API_KEY");
    assertThat(requests()).isEmpty();
  }

  @Test
  void an_id_of_nobody_never_becomes_part_of_an_address() throws Exception {
    assertThat(api().stop(attempt(), "dep-1/../..", log).outcome()).startsWith("not stopped");
    assertThat(requests()).isEmpty();
  }

  private static StopResult notYet(String outcome) {
    return new StopResult.NotYet(outcome, Duration.ofSeconds(10));
  }

  private static HttpRequest cancel() {
    return request().withMethod("POST").withPath(CANCEL);
  }
}
