package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderCalls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenderApiTest extends RenderFixture {
  private static final String PINNED =
      "{\"clearCache\":\"do_not_clear\",\"commitId\":\"" + SHA + "\"}";
  private static final String UNPINNED = "{\"clearCache\":\"do_not_clear\"}";

  @Test
  void is_called_render_api_and_has_its_limits() {
    assertThat(api().name()).isEqualTo("render-api");
    assertThat(api().limits()).isEqualTo(LIMITS);
  }

  @Test
  void a_deploy_of_the_commit_is_asked_for_once() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger("render-api"), json(201, deploy("dep-one", "build_in_progress", SHA)));

    assertThat(start(api(), attempt()))
        .isEqualTo(new Verdict.Accepted("dep-one", "Render started dep-one"));

    assertThat(requests()).containsExactly("GET " + SERVICE_PATH, "POST " + DEPLOYS);
    assertThat(lastRequest().getFirstHeader("Authorization")).isEqualTo("Bearer " + API_KEY);
    assertThat(lastRequest().getFirstHeader("Content-Type")).startsWith("application/json");
    assertThat(lastBody()).isEqualTo(PINNED);
    assertThat(log.lines)
        .containsExactly(
            "Render API: POST " + base() + DEPLOYS + " for f95f852",
            "Render API: Render started dep-one");
  }

  @Test
  void the_cache_is_cleared_when_configured() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));
    var config =
        new RenderApiConfig(
            base(), new Secret(API_KEY), SERVICE, ClearCache.CLEAR, null, false, LIMITS);

    start(
        new RenderApi(
            "render-api",
            config,
            new ProviderCalls(http, new Redactor(List.of())),
            reads,
            accepted,
            () -> now),
        attempt(null));

    assertThat(lastBody()).isEqualTo("{\"clearCache\":\"clear\"}");
  }

  @Test
  void the_commit_of_a_cron_job_is_not_named_and_the_log_says_so() throws Exception {
    onGet(SERVICE_PATH, 200, service("cron_job", ""));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", null)));

    start(api(), attempt());

    assertThat(lastBody()).isEqualTo(UNPINNED);
    assertThat(log.lines).anyMatch(line -> line.contains("not pinned"));
  }

  @Test
  void an_id_of_a_cron_job_is_enough_when_the_service_cannot_be_read() throws Exception {
    onGet("/v1/services/crn-abc", 500, "");
    on(
        org.mockserver.model.HttpRequest.request().withPath("/v1/services/crn-abc/deploys"),
        json(201, deploy("dep-one", "created", null)));

    start(api(base(), "crn-abc", null), attempt());

    assertThat(requests())
        .containsExactly("GET /v1/services/crn-abc", "POST /v1/services/crn-abc/deploys");
    assertThat(lastBody()).isEqualTo(UNPINNED);
  }

  @Test
  void an_image_is_named_instead_of_the_commit() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ",\"imagePath\":\"acme/web\""));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", null)));

    start(api(base(), SERVICE, "acme/web:{sha}"), attempt());

    assertThat(lastBody())
        .isEqualTo("{\"clearCache\":\"do_not_clear\",\"imageUrl\":\"acme/web:" + SHA + "\"}");
    assertThat(log.lines).anyMatch(line -> line.endsWith("for image acme/web:" + SHA));
  }

  @Test
  void an_image_backed_service_without_an_image_setting_is_not_given_a_commit() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ",\"imagePath\":\"acme/web\""));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", null)));

    start(api(), attempt());

    assertThat(lastBody()).isEqualTo(UNPINNED);
    assertThat(log.lines).anyMatch(line -> line.contains("not pinned"));
  }

  @Test
  void an_image_that_needs_a_commit_is_refused_without_one() throws Exception {
    assertThat(start(api(base(), SERVICE, "acme/web:{sha}"), attempt(null)))
        .isInstanceOf(Verdict.Refused.class);
    assertThat(requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void a_service_that_may_not_be_read_is_refused_before_anything_is_sent(int status)
      throws Exception {
    onGet(SERVICE_PATH, status, "{\"message\":\"no such thing\"}");

    assertThat(start(api(), attempt()))
        .isEqualTo(
            new Verdict.Refused(
                "Render answered "
                    + status
                    + ": no such thing; check RENDER_API_KEY and RENDER_SERVICE_ID"));
    assertThat(requests()).containsExactly("GET " + SERVICE_PATH);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void a_service_that_cannot_be_read_now_does_not_hold_the_deploy_back(int status)
      throws Exception {
    onGet(SERVICE_PATH, status, "");
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));

    assertThat(start(api(), attempt())).isInstanceOf(Verdict.Accepted.class);
    assertThat(lastBody()).isEqualTo(PINNED);
  }

  @Test
  void no_answer_about_the_service_does_not_hold_the_deploy_back() throws Exception {
    drop(get(SERVICE_PATH));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));

    assertThat(start(api(), attempt())).isInstanceOf(Verdict.Accepted.class);
    assertThat(lastBody()).isEqualTo(PINNED);
  }

  @Test
  void an_id_that_is_none_is_not_used_in_addresses() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger("render-api"), json(201, deploy("dep-1/../../x", "created", SHA)));

    StartAnswer answer = start(api(), attempt());

    assertThat(((Verdict.Accepted) answer).id()).isEqualTo("api:" + NOW.toEpochMilli());
  }

  @Test
  void a_link_of_the_provider_that_is_no_link_is_not_shown() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ",\"dashboardUrl\":\"javascript:alert(1)\""));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));

    start(api(), attempt());

    assertThat(log.lines).noneMatch(line -> line.contains("javascript"));
  }
}
