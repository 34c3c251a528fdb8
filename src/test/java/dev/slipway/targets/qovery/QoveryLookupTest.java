package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpError.error;

import dev.slipway.model.LookupResult;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lookup of a deploy after an answer that never came. */
class QoveryLookupTest extends QoveryFixture {
  private static final String APPLICATION = "/application/" + SERVICE;
  private static final String HISTORY = APPLICATION + "/deploymentHistoryV2";
  private static final String QUEUE = "/service/" + SERVICE + "/deploymentQueue";
  private static final String SINCE = "since:" + START.minusSeconds(2).toEpochMilli();

  @BeforeEach
  void a_quiet_application() {
    status("DEPLOYED", OTHER_REQUEST, BEFORE, OTHER_SHA);
    on(HISTORY, 200, results(entry(OTHER_REQUEST + "-exec", "DEPLOYED", BEFORE, OTHER_SHA)));
    on(QUEUE, 200, queue());
  }

  private void status(String state, @Nullable String request, Instant last, String deployed) {
    on(APPLICATION + "/status", 200, status(state, request, last));
    on(APPLICATION, 200, deployedApplication(deployed));
  }

  private LookupResult lookUp() throws InterruptedException {
    return application().lookUp(ATTEMPT, log);
  }

  private void assertFound(String id) throws InterruptedException {
    assertThat(lookUp())
        .isInstanceOfSatisfying(
            LookupResult.Found.class, found -> assertThat(found.id()).isEqualTo(id));
  }

  @Test
  void nothing_since_then_is_not_there() throws Exception {
    assertThat(lookUp())
        .isEqualTo(
            new LookupResult.NotThere(
                "Qovery shows no deploy of commit f95f852 since then", Duration.ofSeconds(10)));
    assertThat(asked())
        .containsExactly(
            "GET " + QUEUE, "GET " + APPLICATION + "/status", "GET " + HISTORY + "?pageSize=20");
    assertThat(log.lines)
        .containsExactly("Looked up: Qovery shows no deploy of commit f95f852 since then");
  }

  @Test
  void a_deploy_of_our_commit_in_the_history_is_ours() throws Exception {
    status("BUILDING", REQUEST, AFTER, OTHER_SHA);
    on(HISTORY, 200, results(entry(REQUEST + "-exec", "BUILDING", AFTER, SHA)));

    assertFound(REQUEST);
  }

  @Test
  void one_that_was_overtaken_is_followed_by_its_time() throws Exception {
    status("BUILDING", OTHER_REQUEST, AFTER, OTHER_SHA);
    on(HISTORY, 200, results(entry(REQUEST + "-exec", "DEPLOYED", AFTER, SHA)));

    assertFound(SINCE);
  }

  @Test
  void an_older_deploy_of_our_commit_is_not_ours() throws Exception {
    on(HISTORY, 200, results(entry(OTHER_REQUEST + "-exec", "DEPLOYED", BEFORE, SHA)));

    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void time_is_told_by_qoverys_clock() throws Exception {
    Instant theirs = START.minusSeconds(290);
    on(HISTORY, 200, results(entry("1", "DEPLOYED", theirs, SHA)));
    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);

    server.clear(get(APPLICATION + "/status"));
    server
        .when(get(APPLICATION + "/status"))
        .respond(
            reply(200, status("DEPLOYED", OTHER_REQUEST, BEFORE))
                .withHeader("Date", "Fri, 20 Nov 2026 09:55:00 GMT"));

    assertThat(lookUp()).isInstanceOf(LookupResult.Found.class);
  }

  @Test
  void a_deploy_that_began_since_then_is_followed_with_its_request() throws Exception {
    status("BUILDING", REQUEST, AFTER, OTHER_SHA);
    assertFound(REQUEST);

    status("BUILDING", null, AFTER, OTHER_SHA);
    assertFound(SINCE);
  }

  private static String waiting(String id, String action, String origin) {
    return """
    {"identifier":{"deployment_request_id":"%s","service_id":"%s"},
     "auditing_data":{"triggered_by":"someone"%s},
     "status_details":{"action":"%s","status":"QUEUED","sub_action":"NONE"}}
    """
        .formatted(id, SERVICE, origin.isEmpty() ? "" : ",\"origin\":\"" + origin + "\"", action);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CLI", "CONSOLE", "GIT", "QOVERY_INTERNAL", "SKILL", "TERRAFORM_PROVIDER"})
  void what_a_colleague_asked_for_is_not_ours(String origin) throws Exception {
    on(QUEUE, 200, results(waiting(OTHER_REQUEST, "DEPLOY", origin)));
    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);

    on(
        QUEUE,
        200,
        results(waiting(OTHER_REQUEST, "DEPLOY", origin), waiting(REQUEST, "DEPLOY", "API")));
    assertFound(REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"API", "", "SOMETHING_NEW"})
  void what_may_have_come_by_the_api_may_be_ours(String origin) throws Exception {
    on(QUEUE, 200, results(waiting(REQUEST, "DEPLOY", origin)));

    assertFound(REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESTART", "STOP", "DELETE"})
  void another_action_since_then_is_not_a_deploy(String action) throws Exception {
    on(QUEUE, 200, results(waiting(OTHER_REQUEST, action, "API")));
    for (String state : new String[] {"RESTARTING", "RESTARTED"}) {
      on(
          APPLICATION + "/status",
          200,
          status(state, OTHER_REQUEST, AFTER).replace("DEPLOY\"", action + "\""));
      on(APPLICATION, 200, deployedApplication(SHA));
      on(HISTORY, 200, results(entry("1", state, AFTER, SHA).replace("DEPLOY\"", action + "\"")));

      assertThat(lookUp()).as(state).isInstanceOf(LookupResult.NotThere.class);
    }
  }

  @Test
  void a_deploy_of_another_commit_that_runs_is_not_ours() throws Exception {
    status("BUILDING", OTHER_REQUEST, AFTER, OTHER_SHA);
    on(HISTORY, 200, results(entry(OTHER_REQUEST + "-exec", "BUILDING", AFTER, OTHER_SHA)));

    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void a_deploy_that_began_before_is_not_ours() throws Exception {
    status("BUILDING", OTHER_REQUEST, BEFORE, OTHER_SHA);
    on(HISTORY, 200, results());

    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void a_running_deploy_without_a_date_keeps_the_question_open() throws Exception {
    on(APPLICATION + "/status", 200, "{\"state\":\"BUILDING\"}");

    assertThat(lookUp()).isInstanceOf(LookupResult.Unreachable.class);
  }

  @Test
  void a_deploy_that_ended_since_then_is_known_by_its_commit() throws Exception {
    on(HISTORY, 200, results());

    status("DEPLOYED", REQUEST, AFTER, SHA);
    assertFound(REQUEST);

    status("DEPLOYED", REQUEST, AFTER, OTHER_SHA);
    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);

    status("BUILD_ERROR", REQUEST, AFTER, OTHER_SHA);
    assertThat(lookUp()).isInstanceOf(LookupResult.Unreachable.class);
  }

  @Test
  void our_commit_being_live_since_before_is_no_deploy_of_ours() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, BEFORE, SHA);
    on(HISTORY, 200, results());

    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void the_one_request_that_waits_is_ours() throws Exception {
    on(QUEUE, 200, queue(REQUEST));

    assertFound(REQUEST);
  }

  @Test
  void of_several_that_wait_none_can_be_told() throws Exception {
    on(QUEUE, 200, queue(REQUEST, OTHER_REQUEST));

    assertThat(lookUp())
        .isInstanceOfSatisfying(
            LookupResult.Unreachable.class,
            open ->
                assertThat(open.reason())
                    .isEqualTo(
                        "Qovery has deploys queued and does not name their versions; check the"
                            + " deployment history of the application in Qovery's console"));
  }

  @Test
  void a_request_that_left_the_queue_while_we_looked_keeps_the_question_open() throws Exception {
    status("DEPLOYMENT_QUEUED", null, BEFORE, OTHER_SHA);

    assertThat(lookUp()).isInstanceOf(LookupResult.Unreachable.class);
  }

  @Test
  void somebodys_stop_in_the_queue_is_no_deploy() throws Exception {
    on(QUEUE, 200, queue(OTHER_REQUEST).replace("DEPLOY", "STOP"));

    assertThat(lookUp()).isInstanceOf(LookupResult.NotThere.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {QUEUE, APPLICATION + "/status", HISTORY})
  void what_cannot_be_read_keeps_the_question_open(String path) throws Exception {
    for (int status : new int[] {401, 404, 429, 500}) {
      on(path, status, "");
      assertThat(lookUp()).as(status + "").isInstanceOf(LookupResult.Unreachable.class);
    }
    server.clear(get(path));
    server.when(get(path)).error(error().withDropConnection(true));
    assertThat(lookUp()).isInstanceOf(LookupResult.Unreachable.class);
  }

  @Test
  void a_job_is_found_by_its_image_tag() throws Exception {
    String job = "/job/" + SERVICE;
    on(job + "/status", 200, status("EXECUTING", REQUEST, AFTER));
    on(
        job + "/deploymentHistoryV2",
        200,
        results(entry(REQUEST + "-exec", "EXECUTING", AFTER, "v-" + SHA)));

    assertThat(job(null, "v-{sha}").lookUp(ATTEMPT, log))
        .isEqualTo(
            new LookupResult.Found(
                REQUEST, "Qovery's history shows a deploy of image tag v-" + SHA));
  }

  @Test
  void without_a_commit_nothing_can_be_known() throws Exception {
    assertThat(application().lookUp(attempt(null), log))
        .isInstanceOf(LookupResult.CannotKnow.class);
    assertThat(asked()).isEmpty();
  }
}
