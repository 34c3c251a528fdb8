package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;

import dev.slipway.model.Attempt;
import dev.slipway.model.Deployment;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderCalls;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.model.HttpRequest;

/** A rollback takes a deploy that Render has, where the target is set so. */
class RenderRollbackTest extends RenderFixture {
  private static final String ROLLBACK = "{\"rollback\":true,\"rollback_to\":3}";
  private static final String READ = "GET " + SERVICE_PATH;
  private static final String LIST = "GET " + DEPLOYS + "?limit=100&status=deactivated";
  private static final HttpRequest ROLLS_BACK =
      request().withMethod("POST").withPath(SERVICE_PATH + "/rollback");

  private RenderApi target(boolean rollsBack) {
    return new RenderApi(
        "render-api",
        new RenderApiConfig(
            base(), new Secret(API_KEY), SERVICE, ClearCache.DO_NOT_CLEAR, null, rollsBack, LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        reads,
        accepted,
        () -> now);
  }

  private static Attempt rollback(String payload) {
    Attempt plain = attempt();
    Deployment deployment = plain.deployment();
    return new Attempt(
        new Deployment(
            deployment.repository(),
            deployment.githubId(),
            deployment.sha(),
            deployment.ref(),
            deployment.environment(),
            deployment.task(),
            payload,
            deployment.description(),
            deployment.creator(),
            deployment.createdAt()),
        plain.deploymentId(),
        plain.run(),
        plain.target(),
        plain.since(),
        plain.host());
  }

  private static void describesService() {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
  }

  private static void lists(String... deploys) {
    on(get(DEPLOYS).withQueryStringParameter("status", "deactivated"), json(200, listed(deploys)));
  }

  private static String former(String id, String status, String commit) {
    return deploy(id, status, commit, "api", NOW.minus(Duration.ofDays(2)));
  }

  @Test
  void the_newest_former_deploy_of_the_commit_goes_live_again_and_is_followed() throws Exception {
    describesService();
    lists(
        former("dep-other", "deactivated", OTHER_SHA),
        former("dep-newer", "deactivated", SHA),
        former("dep-older", "deactivated", SHA));
    on(ROLLS_BACK, json(201, deploy("dep-back", "created", SHA, "rollback", NOW)));

    StartAnswer answer = start(target(true), rollback(ROLLBACK));

    assertThat(answer).isEqualTo(new Verdict.Accepted("dep-back", "Render started dep-back"));
    assertThat(requests()).containsExactly(READ, LIST, "POST " + SERVICE_PATH + "/rollback");
    assertThat(lastBody()).isEqualTo("{\"deployId\":\"dep-newer\"}");
    assertThat(log.lines).contains("Render rolls back to its deploy dep-newer, without a build.");
    onGet(
        DEPLOYS + "/dep-back", 200, deploy("dep-back", "update_in_progress", SHA, "rollback", NOW));
    assertThat(target(true).poll(rollback(ROLLBACK), "dep-back", log))
        .isInstanceOf(PollResult.Going.class);
  }

  @Test
  void an_answer_that_names_the_former_deploy_is_not_the_new_one() throws Exception {
    describesService();
    lists(former("dep-newer", "deactivated", SHA));
    on(
        ROLLS_BACK,
        json(201, deploy("dep-newer", "live", SHA, "api", NOW.minus(Duration.ofDays(2)))));

    StartAnswer answer = start(target(true), rollback(ROLLBACK));

    assertThat(answer)
        .isEqualTo(
            new Verdict.Accepted(
                "api:" + NOW.toEpochMilli(),
                "Render names dep-newer, to which it goes back, and no new deploy; that is looked up"));
    onGet(DEPLOYS, 200, listed());
    assertThat(target(true).poll(rollback(ROLLBACK), "api:" + NOW.toEpochMilli(), log))
        .isNotInstanceOf(PollResult.Over.class);
  }

  @Test
  void without_a_former_deploy_of_exactly_the_commit_it_is_built() throws Exception {
    describesService();
    lists(
        former("dep-failed", "build_failed", SHA),
        deploy("dep-silent", "deactivated", null),
        former("dep-short", "deactivated", SHA.substring(0, 7)));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));

    assertThat(start(target(true), rollback(ROLLBACK))).isInstanceOf(Verdict.Accepted.class);

    assertThat(requests()).containsExactly(READ, LIST, "POST " + DEPLOYS);
    assertThat(log.lines)
        .contains("Render lists no former deploy of this commit, so it is built again.");
  }

  @Test
  void a_list_that_cannot_be_read_leads_to_a_build() throws Exception {
    describesService();
    on(get(DEPLOYS).withQueryStringParameter("status", "deactivated"), json(500, "{}"));
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));

    assertThat(start(target(true), rollback(ROLLBACK))).isInstanceOf(Verdict.Accepted.class);

    assertThat(requests()).endsWith("POST " + DEPLOYS);
    assertThat(log.lines).anyMatch(line -> line.contains("so the commit is built again"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"rollback\":false}", "{\"rollback\":\"no\"}", "[]", "rollback"})
  void what_is_no_rollback_asks_for_no_list(String payload) throws Exception {
    describesService();
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));

    StartAnswer _ = start(target(true), rollback(payload));

    assertThat(requests()).containsExactly(READ, "POST " + DEPLOYS);
  }

  @Test
  void unless_it_is_set_so_a_rollback_is_a_deploy_like_any_other() throws Exception {
    describesService();
    on(trigger("render-api"), json(201, deploy("dep-one", "created", SHA)));

    StartAnswer _ = start(target(false), rollback(ROLLBACK));

    assertThat(requests()).containsExactly(READ, "POST " + DEPLOYS);
  }

  @Test
  void a_refusal_is_one_and_a_lost_answer_is_in_doubt() throws Exception {
    describesService();
    lists(former("dep-newer", "deactivated", SHA));
    on(ROLLS_BACK, json(400, "{\"message\":\"the image of this deploy is gone\"}"));
    assertThat(start(target(true), rollback(ROLLBACK)))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("the image of this deploy is gone"));

    render.clear(ROLLS_BACK);
    drop(ROLLS_BACK);
    assertThat(start(target(true), rollback(ROLLBACK))).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void one_in_doubt_is_found_whether_it_was_rolled_back_or_built() throws Exception {
    onGet(
        DEPLOYS,
        200,
        listed(
            deploy("dep-back", "live", SHA, "rollback", NOW.plusSeconds(1)),
            deploy("dep-manual", "live", SHA, "manual", NOW)));

    assertThat(target(true).lookUp(rollback(ROLLBACK), log))
        .isEqualTo(new LookupResult.Found("dep-back", "Render did start deploy dep-back"));
    assertThat(target(false).lookUp(rollback(ROLLBACK), log))
        .as("somebody's, in the dashboard")
        .isInstanceOf(LookupResult.NotThere.class);
  }
}
