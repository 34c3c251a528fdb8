package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.targets.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockserver.matchers.MatchType;
import org.mockserver.verify.VerificationTimes;

/** The request that starts a job, and the checks before it. */
class QoveryJobStartTest extends QoveryFixture {
  private static final String JOB = "/job/" + SERVICE;
  private static final String DEPLOY = JOB + "/deploy";

  private static void answer(String body) {
    server.when(post(DEPLOY)).respond(reply(202, body));
  }

  private StartAnswer start(Target target) throws InterruptedException {
    return start(target, ATTEMPT);
  }

  @Test
  void a_job_is_deployed_by_image_tag_with_the_commit_in_it() throws Exception {
    on(JOB, 200, imageJob("v-old"));
    answer(status("QUEUED", REQUEST, BEFORE));

    assertThat(start(job("START", "v-{sha}"))).isInstanceOf(Verdict.Accepted.class);

    server.verify(
        post(DEPLOY)
            .withQueryStringParameter("forceEvent", "START")
            .withBody(json("{\"image_tag\":\"v-" + SHA + "\"}", MatchType.STRICT)),
        VerificationTimes.exactly(1));
    assertThat(asked())
        .containsExactly("GET /job/" + SERVICE, "POST " + DEPLOY + "?forceEvent=START");
    assertThat(log.lines)
        .anyMatch(line -> line.endsWith("for image tag v-" + SHA + ", event START"));
  }

  @Test
  void a_tag_without_the_commit_is_deployed_and_said_to_be_not_pinned() throws Exception {
    answer(status("QUEUED", REQUEST, BEFORE));

    assertThat(start(job(null, "latest"), attempt(null))).isInstanceOf(Verdict.Accepted.class);

    server.verify(post(DEPLOY).withBody(json("{\"image_tag\":\"latest\"}", MatchType.STRICT)));
    assertThat(log.lines)
        .contains("Qovery: QOVERY_JOB_IMAGE_TAG holds no {sha}, so the commit is not pinned");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          START,  '{"on_start":{}}',                true
          START,  '{"on_stop":{},"on_delete":{}}',  false
          STOP,   '{"on_stop":{"arguments":[]}}',   true
          DELETE, '{"on_start":{},"on_delete":null}', false
          CRON,   '{"cronjob":{"timezone":"UTC"}}', true
          CRON,   '{"on_start":{}}',                false
          START,  '{"cronjob":{"timezone":"UTC"}}', false
          START,  '{}',                             true
          START,  'null',                           true
          """)
  void an_event_that_the_job_does_not_have_is_refused(String event, String schedule, boolean goesOn)
      throws Exception {
    on(JOB, 200, gitJob(schedule, OTHER_SHA));
    answer(status("QUEUED", REQUEST, BEFORE));

    StartAnswer answer = start(job(event, null));

    server.verify(post(DEPLOY), VerificationTimes.exactly(goesOn ? 1 : 0));
    if (goesOn) {
      assertThat(answer).isInstanceOf(Verdict.Accepted.class);
    } else {
      assertThat(answer)
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused ->
                  assertThat(refused.reason())
                      .startsWith("QOVERY_JOB_FORCE_EVENT is " + event + ", but the Qovery job"));
    }
  }

  @Test
  void a_commit_for_a_job_of_images_is_refused() throws Exception {
    on(JOB, 200, imageJob("v-old"));

    assertThat(start(job(null, null)))
        .isEqualTo(
            new Verdict.Refused(
                "the Qovery job comes from an image registry; set QOVERY_JOB_IMAGE_TAG, such as"
                    + " {sha}"));
    assertThat(asked()).containsExactly("GET /job/" + SERVICE);
  }

  @Test
  void an_image_tag_for_a_job_of_git_is_refused() throws Exception {
    on(JOB, 200, gitJob("{\"on_start\":{}}", OTHER_SHA));

    assertThat(start(job(null, "{sha}")))
        .isEqualTo(
            new Verdict.Refused(
                "the Qovery job is built from git, but QOVERY_JOB_IMAGE_TAG is set; leave it"
                    + " out"));
    assertThat(asked()).containsExactly("GET /job/" + SERVICE);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 404, 429, 500})
  void a_job_that_cannot_be_looked_at_is_deployed_all_the_same(int status) throws Exception {
    on(JOB, status, "<html>");
    answer(status("QUEUED", REQUEST, BEFORE));

    assertThat(start(job("START", null))).isInstanceOf(Verdict.Accepted.class);
  }
}
