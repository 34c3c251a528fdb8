package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that were merged, overtaken, never begun, or never named. */
class QoveryLostRequestTest extends QoveryFixture {
  private static final String APPLICATION = "/application/" + SERVICE;
  private static final String HISTORY = APPLICATION + "/deploymentHistoryV2";
  private static final String SINCE = "since:" + START.toEpochMilli();
  private static final String CHECK =
      "; check the deployment history of the application in Qovery's console";

  @BeforeEach
  void a_request_that_is_nowhere() {
    on("/environment/deploymentStatus", 404, "");
    on("/service/" + SERVICE + "/deploymentQueue", 200, queue(OTHER_REQUEST));
    on(HISTORY, 200, results());
    now = START.plus(Duration.ofMinutes(2));
  }

  private void status(String state, @Nullable String request, Instant last, String deployed) {
    on(APPLICATION + "/status", 200, status(state, request, last));
    on(APPLICATION, 200, deployedApplication(deployed));
  }

  private void requestEnded(String state) {
    on(
        "/environment/deploymentStatus",
        200,
        "{\"deployment_request_id\":\"%s\",\"status\":\"%s\"}".formatted(REQUEST, state));
  }

  private PollResult poll(Target target, String id) throws InterruptedException {
    return target.poll(ATTEMPT, id, log);
  }

  private End end(String id) throws InterruptedException {
    return end(poll(application(), id));
  }

  private static End end(PollResult sighting) {
    assertThat(sighting).isInstanceOf(PollResult.Over.class);
    return ((PollResult.Over) sighting).end();
  }

  private void assertNotBegun(PollResult sighting) {
    assertThat(sighting)
        .isEqualTo(new PollResult.Going("accepted, not begun", Duration.ofSeconds(5)));
  }

  @Test
  void a_request_merged_into_one_of_the_same_commit_succeeds() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, AFTER, SHA);

    assertThat(end(REQUEST))
        .isEqualTo(
            new End.Succeeded(
                null,
                "Deployed by Qovery: commit f95f852 is live, with a request it was merged into"));
  }

  @Test
  void a_request_merged_into_one_of_another_commit_fails() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, AFTER, OTHER_SHA);

    assertThat(end(REQUEST))
        .isEqualTo(
            new End.Failed(
                "Qovery deployed commit 0a1b2c3 instead of commit f95f852; it may have merged the"
                    + " request with another"));
  }

  @Test
  void a_merged_request_waits_for_the_end_of_the_other() throws Exception {
    status("BUILDING", OTHER_REQUEST, AFTER, SHA);

    assertThat(poll(application(), REQUEST))
        .isEqualTo(new PollResult.Going("BUILDING", Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 421, 425, 429, 502})
  void a_request_is_not_gone_because_qovery_cannot_answer_now(int code) throws Exception {
    status("BUILD_ERROR", OTHER_REQUEST, AFTER, OTHER_SHA);
    on("/environment/deploymentStatus", code, "");

    assertThat(poll(application(), REQUEST)).isInstanceOf(PollResult.Unseen.class);
  }

  @Test
  void a_failure_of_another_request_leaves_ours_unknown() throws Exception {
    status("BUILD_ERROR", OTHER_REQUEST, AFTER, OTHER_SHA);

    assertThat(end(REQUEST))
        .isEqualTo(
            new End.Errored(
                "Qovery no longer knows request "
                    + REQUEST
                    + " and shows BUILD_ERROR of another one"
                    + CHECK));
  }

  @ParameterizedTest
  @CsvSource({
    "DEPLOYED, Succeeded",
    "BUILD_ERROR, Failed",
    "CANCELED, Cancelled",
    "STOPPED, Errored"
  })
  void the_history_knows_the_end_of_a_deploy_that_was_overtaken(String state, String meaning)
      throws Exception {
    status("DEPLOYED", OTHER_REQUEST, AFTER.plusSeconds(60), OTHER_SHA);
    on(
        HISTORY,
        200,
        results(
            entry("3", "DEPLOYED", AFTER.plusSeconds(60), OTHER_SHA),
            entry("1", "QUEUED", BEFORE, SHA),
            entry("2", state, AFTER, SHA)));

    assertThat(end(REQUEST).getClass().getSimpleName()).isEqualTo(meaning);
  }

  @Test
  void a_deploy_of_the_same_commit_from_before_is_not_ours() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, BEFORE, SHA);
    on(HISTORY, 200, results(entry("1", "DEPLOYED", BEFORE, SHA)));

    assertNotBegun(poll(application(), REQUEST));
  }

  @Test
  void the_request_itself_may_have_failed() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, BEFORE, OTHER_SHA);
    requestEnded("BUILD_ERROR");

    assertThat(end(REQUEST))
        .isEqualTo(new End.Failed("Qovery: BUILD_ERROR; the previous version keeps running"));
  }

  @Test
  void the_request_itself_may_have_been_cancelled() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, BEFORE, OTHER_SHA);
    requestEnded("CANCELED");

    assertThat(end(REQUEST)).isEqualTo(new End.Cancelled("Cancelled at Qovery, not by Slipway"));
  }

  @Test
  void a_request_that_ended_well_without_the_application_is_no_success() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, BEFORE, SHA);
    requestEnded("DEPLOYED");

    assertThat(end(REQUEST))
        .isEqualTo(
            new End.Errored(
                "Qovery ended request " + REQUEST + " without deploying the application" + CHECK));
  }

  @Test
  void nothing_is_judged_in_the_first_minute() throws Exception {
    now = START.plusSeconds(59);
    status("DEPLOYED", OTHER_REQUEST, AFTER, OTHER_SHA);

    assertNotBegun(poll(application(), REQUEST));
  }

  @Test
  void a_history_that_cannot_be_read_decides_nothing() throws Exception {
    status("DEPLOYED", OTHER_REQUEST, AFTER, OTHER_SHA);
    on(HISTORY, 500, "");

    assertThat(poll(application(), REQUEST)).isInstanceOf(PollResult.Unseen.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEPLOYED", "READY", "BUILD_ERROR"})
  void a_request_without_any_trace_ends_after_ten_minutes(String state) throws Exception {
    status(state, OTHER_REQUEST, BEFORE, SHA);
    now = START.plus(Duration.ofMinutes(10)).minusSeconds(1);

    assertNotBegun(poll(application(), REQUEST));

    now = START.plus(Duration.ofMinutes(10));

    assertThat(end(REQUEST))
        .isEqualTo(
            new End.Errored(
                "Qovery accepted request "
                    + REQUEST
                    + " but has not begun with it after 10 minutes"
                    + CHECK));
  }

  @ParameterizedTest
  @ValueSource(strings = {REQUEST, OTHER_REQUEST})
  void an_event_that_starts_nothing_is_never_a_success(String shown) throws Exception {
    on("/job/" + SERVICE + "/status", 200, status("DEPLOYED", shown, BEFORE));
    on("/job/" + SERVICE + "/deploymentHistoryV2", 200, results());
    on("/job/" + SERVICE, 200, gitJob("{}", SHA));
    Target job = job("START", null);

    assertNotBegun(poll(job, REQUEST));
    now = START.plus(Duration.ofMinutes(11));
    assertThat(end(poll(job, REQUEST)))
        .isInstanceOfSatisfying(
            End.Errored.class,
            errored ->
                assertThat(errored.reason())
                    .contains("has not begun")
                    .contains("check that the job has the event START"));
  }

  @Test
  void an_event_that_did_start_the_job_is_a_success() throws Exception {
    on("/job/" + SERVICE + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on("/job/" + SERVICE + "/deploymentHistoryV2", 200, results());
    on("/job/" + SERVICE, 200, gitJob("{}", SHA));

    assertThat(end(poll(job("START", null), REQUEST))).isInstanceOf(End.Succeeded.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEPLOYED", "BUILD_ERROR"})
  void an_unnamed_request_ignores_the_end_of_the_deploy_before(String state) throws Exception {
    status(state, null, BEFORE, SHA);

    assertNotBegun(poll(application(), SINCE));

    now = START.plus(Duration.ofMinutes(10));

    assertThat(end(SINCE))
        .isInstanceOfSatisfying(
            End.Errored.class,
            errored ->
                assertThat(errored.reason())
                    .startsWith("Qovery accepted the deploy but has not begun"));
  }

  @Test
  void an_unnamed_request_goes_on_while_anything_does() throws Exception {
    status("DEPLOYING", null, BEFORE, OTHER_SHA);

    assertThat(poll(application(), SINCE))
        .isEqualTo(new PollResult.Going("DEPLOYING", Duration.ofSeconds(5)));
    assertThat(asked().getFirst()).isEqualTo("GET " + APPLICATION + "/status");
    assertThat(asked()).noneMatch(call -> call.contains("deploymentStatus"));
  }

  @Test
  void an_unnamed_request_ends_with_what_was_deployed_since() throws Exception {
    status("DEPLOYED", null, AFTER, SHA);
    assertThat(end(SINCE))
        .isEqualTo(new End.Succeeded(null, "Deployed by Qovery: commit f95f852 is live"));

    status("DEPLOYED", null, AFTER, OTHER_SHA);
    assertThat(end(SINCE)).isInstanceOf(End.Failed.class);

    status("DEPLOYMENT_ERROR", null, AFTER, OTHER_SHA);
    assertThat(end(SINCE))
        .isEqualTo(new End.Failed("Qovery: DEPLOYMENT_ERROR; the previous version keeps running"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESTARTED", "RESTART_ERROR", "CANCELED"})
  void an_unnamed_request_does_not_end_with_somebodys_restart(String state) throws Exception {
    status(state, null, AFTER, OTHER_SHA);
    on(
        "/application/" + SERVICE + "/status",
        200,
        status(state, null, AFTER).replace("\"DEPLOY\"", "\"RESTART\""));

    assertThat(application().poll(ATTEMPT, SINCE, log)).isInstanceOf(PollResult.Going.class);
  }

  @Test
  void an_unnamed_request_has_its_end_in_the_history() throws Exception {
    status("BUILD_ERROR", null, AFTER.plusSeconds(60), SHA);
    on(
        HISTORY,
        200,
        results(
            entry("2", "BUILD_ERROR", AFTER.plusSeconds(60), OTHER_SHA),
            entry("1", "DEPLOYED", AFTER, SHA)));

    assertThat(end(SINCE)).isInstanceOf(End.Succeeded.class);
  }

  @Test
  void a_status_without_a_date_is_not_since_anything() throws Exception {
    on(APPLICATION + "/status", 200, "{\"state\":\"DEPLOYED\",\"deployment_request_id\":null}");
    on(APPLICATION, 200, deployedApplication(SHA));

    assertNotBegun(poll(application(), SINCE));
  }
}
