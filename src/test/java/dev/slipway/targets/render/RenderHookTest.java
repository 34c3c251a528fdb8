package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Verdict;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderHookTest extends RenderFixture {
  private static final String STARTED = "{\"deploy\":{\"id\":\"dep-one\"}}";

  @Test
  void is_called_render_hook_and_has_its_limits() {
    assertThat(hook().name()).isEqualTo("render-hook");
    assertThat(hook().limits()).isEqualTo(LIMITS);
  }

  @Test
  void the_hook_is_posted_once_with_the_commit_and_without_the_api_key() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger("render-hook"), json(200, STARTED));

    var answer = start(hook(), attempt());

    assertThat(answer).isEqualTo(new Verdict.Accepted("dep-one", "Render started dep-one"));
    assertThat(requests())
        .containsExactly(
            "GET " + SERVICE_PATH, "POST " + HOOK_PATH + "?key=" + HOOK_KEY + "&ref=" + SHA);
    assertThat(lastRequest().getFirstHeader("Authorization")).isEmpty();
    assertThat(lastRequest().getBodyAsString()).isNullOrEmpty();
    assertThat(log.lines)
        .containsExactly(
            "Render hook: POST " + base() + HOOK_PATH + " for f95f852",
            "Render hook: Render started dep-one");
  }

  @Test
  void a_commit_in_the_address_is_replaced() throws Exception {
    on(trigger("render-hook"), json(201, STARTED));

    start(hook(base(), null, null, "&ref=main&x=1"), attempt());

    assertThat(requests())
        .containsExactly("POST " + HOOK_PATH + "?key=" + HOOK_KEY + "&ref=" + SHA + "&x=1");
  }

  @Test
  void without_a_commit_none_is_named() throws Exception {
    on(trigger("render-hook"), json(200, STARTED));

    start(hookWithoutKey(), attempt(null));

    assertThat(requests()).containsExactly("POST " + HOOK_PATH + "?key=" + HOOK_KEY);
    assertThat(log.lines.getFirst()).endsWith("for the newest commit");
  }

  @Test
  void an_image_is_named_instead_of_the_commit() throws Exception {
    on(trigger("render-hook"), json(200, STARTED));

    start(hook(base(), null, "docker.io/acme/web:{sha}", ""), attempt());

    assertThat(requests())
        .containsExactly(
            "POST " + HOOK_PATH + "?imgURL=docker.io/acme/web:" + SHA + "&key=" + HOOK_KEY);
  }

  @Test
  void an_image_that_needs_a_commit_is_refused_without_one() throws Exception {
    assertThat(start(hook(base(), API_KEY, "acme/web:{sha}", ""), attempt(null)))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("acme/web:{sha}"));
    assertThat(requests()).isEmpty();
  }

  @Test
  void a_service_that_deploys_by_itself_is_warned_about() throws Exception {
    onGet(
        SERVICE_PATH,
        200,
        "{\"type\":\"web_service\",\"autoDeploy\":\"yes\","
            + "\"dashboardUrl\":\"https://dashboard.render.com/web/srv-abc123\"}");
    on(trigger("render-hook"), json(200, STARTED));

    start(hook(), attempt());

    assertThat(log.lines)
        .contains("Render dashboard: https://dashboard.render.com/web/srv-abc123")
        .anyMatch(line -> line.startsWith("Warning: auto-deploy is on"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 429, 500, 502})
  void a_service_that_cannot_be_read_does_not_hold_the_hook_back(int status) throws Exception {
    onGet(SERVICE_PATH, status, "{\"message\":\"no\"}");
    on(trigger("render-hook"), json(200, STARTED));

    assertThat(start(hook(), attempt())).isInstanceOf(Verdict.Accepted.class);
    assertThat(log.lines.getFirst()).contains("does not describe service srv-abc123", "" + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void a_key_that_could_not_follow_the_deploy_is_named_before_it(int status) throws Exception {
    onGet(SERVICE_PATH, status, "{\"message\":\"no %s\"}".formatted(API_KEY));
    on(trigger("render-hook"), json(200, STARTED));

    assertThat(start(hook(), attempt()))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .contains(status + ": no ***", "check", "RENDER_API_KEY", "not called"));
    assertThat(requests()).containsExactly("GET " + SERVICE_PATH);
  }

  @Test
  void a_suspended_service_is_named_before_anything_is_sent() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ",\"suspended\":\"suspended\""));

    for (String name : new String[] {"render-hook", "render-api"}) {
      assertThat(start(target(name, base()), attempt()))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused -> assertThat(refused.reason()).contains("suspended", SERVICE, "resume"));
    }
    assertThat(requests()).containsExactly("GET " + SERVICE_PATH, "GET " + SERVICE_PATH);
  }

  @Test
  void a_service_that_is_not_suspended_is_deployed() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ",\"suspended\":\"not_suspended\""));
    on(trigger("render-hook"), json(200, STARTED));

    assertThat(start(hook(), attempt())).isInstanceOf(Verdict.Accepted.class);
  }

  static Stream<Arguments> withoutACommit() {
    return Stream.of(
        Arguments.of(service("cron_job", ""), "the newest commit of a cron job"),
        Arguments.of(
            service("web_service", ",\"imagePath\":\"acme/web\""),
            "the image set for this service"));
  }

  @ParameterizedTest
  @MethodSource("withoutACommit")
  void a_service_that_takes_no_commit_is_given_none(String facts, String what) throws Exception {
    onGet(SERVICE_PATH, 200, facts);
    on(trigger("render-hook"), json(200, STARTED));

    start(hook(), attempt());

    assertThat(requests()).last().isEqualTo("POST " + HOOK_PATH + "?key=" + HOOK_KEY);
    assertThat(log.lines)
        .contains("The commit is not pinned: Render deploys " + what + ".")
        .anyMatch(line -> line.endsWith(" for " + what));
  }

  @Test
  void an_image_without_a_commit_in_its_name_pins_none_and_the_log_says_so() throws Exception {
    on(trigger("render-hook"), json(200, STARTED));

    start(hook(base(), null, "docker.io/acme/web:stable", ""), attempt());

    assertThat(log.lines).contains("The commit is not pinned: RENDER_IMAGE_URL holds no {sha}.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"deploy\":{}}", "{\"deploy\":{\"id\":\"../../users\"}}"})
  void an_answer_without_a_usable_id_is_looked_up_later(String body) throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger("render-hook"), json(200, body));

    assertThat(start(hook(), attempt()))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> assertThat(accepted.id()).isEqualTo("hook:" + NOW.toEpochMilli()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>log in to the network</html>", "OK", "\"yes\"", "[]", "{"})
  void a_success_that_is_not_renders_is_in_doubt(String body) throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(trigger("render-hook"), json(200, body));

    for (RenderHook hook : new RenderHook[] {hook(), hookWithoutKey()}) {
      assertThat(start(hook, attempt()))
          .isInstanceOfSatisfying(
              Verdict.Unknown.class,
              unknown -> assertThat(unknown.reason()).contains("200", "not its JSON"));
    }
  }

  @Test
  void without_an_api_key_acceptance_is_success_that_says_it_is_untracked() throws Exception {
    on(trigger("render-hook"), json(200, STARTED));
    RenderHook hook = hookWithoutKey();

    var accepted = (Verdict.Accepted) start(hook, attempt());
    assertThat(accepted.id()).isEqualTo("untracked");
    assertThat(accepted.reason()).contains("dep-one", "RENDER_API_KEY");

    assertThat(hook.poll(attempt(), accepted.id(), log))
        .isEqualTo(
            new PollResult.Over(
                new End.Succeeded(
                    null, "Accepted by Render; the outcome is not tracked (set RENDER_API_KEY)")));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void the_sync_of_a_blueprint_ends_as_an_error_and_not_at_the_next_target() throws Exception {
    on(
        trigger("render-hook"),
        response("sync started, https://dashboard.render.com/blueprint/exs-a/sync/exe-x"));
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    for (RenderHook hook : new RenderHook[] {hook(), hookWithoutKey()}) {
      var accepted = (Verdict.Accepted) start(hook, attempt());

      assertThat(accepted.id()).isEqualTo("blueprint-sync");
      assertThat(hook.poll(attempt(), accepted.id(), log))
          .isInstanceOfSatisfying(
              PollResult.Over.class,
              over ->
                  assertThat(over.end())
                      .isInstanceOfSatisfying(
                          End.Errored.class,
                          end ->
                              assertThat(end.reason())
                                  .contains("Blueprint", "RENDER_DEPLOY_HOOK_URL")));
    }
  }

  @Test
  void a_doubt_cannot_be_settled_without_an_api_key() throws Exception {
    assertThat(hookWithoutKey().lookUp(attempt(), log))
        .isInstanceOfSatisfying(
            LookupResult.CannotKnow.class,
            cannot ->
                assertThat(cannot.reason())
                    .contains("srv-abc123", "dashboard", "f95f852", "RENDER_API_KEY"));
    assertThat(requests()).isEmpty();
  }

  @Test
  void a_followed_deploy_waits_for_an_api_key_that_was_taken_away() throws Exception {
    assertThat(hookWithoutKey().poll(attempt(), "dep-one", log))
        .isInstanceOfSatisfying(
            PollResult.Unseen.class,
            unseen -> assertThat(unseen.reason()).contains("dep-one", "RENDER_API_KEY"));
  }
}
