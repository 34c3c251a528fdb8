package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;

import dev.slipway.targets.Target;
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
    assertThat(target.stop(attempt(), "dep-one", log)).isEqualTo("cancelled at Render");
    assertThat(requests()).containsExactly("POST " + CANCEL);
    assertThat(lastRequest().getFirstHeader("Authorization")).isEqualTo("Bearer " + API_KEY);
    assertThat(log.lines).containsExactly("Render API: POST " + base() + CANCEL);
  }

  @Test
  void a_deploy_that_was_faster_is_told_as_it_is() throws Exception {
    on(cancel(), json(200, deploy("dep-one", "live", SHA)));

    assertThat(api().stop(attempt(), "dep-one", log))
        .isEqualTo("Render was asked to cancel and says live");
  }

  @ParameterizedTest
  @CsvSource({
    "400, not stopped: Render answered 400: too late",
    "401, not stopped: Render answered 401: too late; check RENDER_API_KEY",
    "500, not stopped: Render answered 500: too late"
  })
  void a_refusal_to_cancel_is_told(int status, String outcome) throws Exception {
    on(cancel(), json(status, "{\"message\":\"too late\"}"));

    assertThat(api().stop(attempt(), "dep-one", log)).isEqualTo(outcome);
  }

  @Test
  void a_lost_connection_is_told() throws Exception {
    drop(cancel());

    assertThat(api().stop(attempt(), "dep-one", log)).startsWith("not stopped: ");
  }

  @Test
  void the_deploy_of_a_cron_job_cannot_be_cancelled() throws Exception {
    assertThat(api(base(), "crn-abc", null).stop(attempt(), "dep-one", log))
        .contains("cannot cancel", "cron job");
    assertThat(requests()).isEmpty();
  }

  @Test
  void a_deploy_whose_id_is_not_known_yet_is_looked_up_first() throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-one", "queued", SHA, "deploy_hook", NOW)));
    on(cancel(), json(200, deploy("dep-one", "canceled", SHA)));

    assertThat(hook().stop(attempt(), "hook:" + NOW.toEpochMilli(), log))
        .isEqualTo("cancelled at Render");
  }

  @ParameterizedTest
  @CsvSource({
    "200, not stopped: Render shows no deploy to cancel",
    "500, not stopped: Render's deploys cannot be listed: Render answered 500"
  })
  void a_deploy_that_is_not_to_be_seen_cannot_be_cancelled(int status, String outcome)
      throws Exception {
    onGet(DEPLOYS, status, "[]");

    assertThat(hook().stop(attempt(), "hook:" + NOW.toEpochMilli(), log)).isEqualTo(outcome);
  }

  @Test
  void a_deploy_that_was_found_while_polling_is_not_looked_up_again() throws Exception {
    onGet(DEPLOYS, 200, listed(deploy("dep-one", "queued", SHA, "deploy_hook", NOW)));
    onGet(DEPLOYS + "/dep-one", 200, deploy("dep-one", "queued", SHA));
    on(cancel(), json(200, deploy("dep-one", "canceled", SHA)));
    RenderHook hook = hook();
    String id = "hook:" + NOW.toEpochMilli();

    hook.poll(attempt(), id, log);
    render.clear(request(), org.mockserver.model.ClearType.LOG);
    hook.stop(attempt(), id, log);

    assertThat(requests()).containsExactly("POST " + CANCEL);
  }

  @Test
  void without_an_api_key_nothing_can_be_cancelled() throws Exception {
    assertThat(hookWithoutKey().stop(attempt(), "untracked", log)).contains("RENDER_API_KEY");
    assertThat(hook().stop(attempt(), "untracked", log)).contains("RENDER_API_KEY");
    assertThat(requests()).isEmpty();
  }

  @Test
  void an_id_of_nobody_never_becomes_part_of_an_address() throws Exception {
    assertThat(api().stop(attempt(), "dep-1/../..", log)).startsWith("not stopped");
    assertThat(requests()).isEmpty();
  }

  private static HttpRequest cancel() {
    return request().withMethod("POST").withPath(CANCEL);
  }
}
