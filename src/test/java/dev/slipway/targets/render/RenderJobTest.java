package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;

import dev.slipway.model.Attempt;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Repository;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockserver.model.HttpRequest;

/** A one-off job is started once, followed to its end, and never made of what a stranger wrote. */
class RenderJobTest extends RenderFixture {
  private static final String JOBS = SERVICE_PATH + "/jobs";
  private static final String ID = "job-cph1rs3idesc73a2b2mg";
  private static final String OTHER = "job-cph1rs3idesc73a2b2m0";
  private static final String COMMAND = "bin/rails db:migrate";

  private RenderJob job(@Nullable String plan) {
    return new RenderJob(
        "render-job",
        new RenderJobConfig(base(), new Secret(API_KEY), SERVICE, COMMAND, plan, LIMITS),
        new ProviderCalls(http, new Redactor(List.of())),
        reads,
        accepted,
        () -> now);
  }

  private RenderJob job() {
    return job(null);
  }

  private static HttpRequest creation() {
    return request().withMethod("POST").withPath(JOBS);
  }

  private static String described(String id, @Nullable String status, String command, Instant at) {
    return """
    {"id":"%s","serviceId":"%s","startCommand":"%s","planId":"plan-srv-004","status":%s,
     "createdAt":"%s"}
    """
        .formatted(id, SERVICE, command, status == null ? "null" : '"' + status + '"', at);
  }

  private static String list(String... jobs) {
    return listed(jobs).replace("\"deploy\"", "\"job\"");
  }

  private static Attempt hostile() {
    Deployment harmless = attempt().deployment();
    return new Attempt(
        new Deployment(
            new Repository("github.com", 1, "acme/web"),
            7L,
            SHA,
            "$(reboot)",
            new Environment("pr/ü; reboot", true, false),
            "deploy:`reboot`",
            "{\"command\":\"reboot\"}",
            "; reboot",
            "alice",
            harmless.createdAt()),
        42,
        1,
        "render-job",
        NOW,
        null);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          , '{"startCommand":"bin/rails db:migrate"}'
          plan-srv-004, '{"startCommand":"bin/rails db:migrate","planId":"plan-srv-004"}'
          """)
  void a_job_is_started_with_the_command_of_the_settings_alone(String plan, String body)
      throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(creation(), json(201, described(ID, "pending", COMMAND, NOW)));

    assertThat(start(job(plan), hostile()))
        .isEqualTo(new Verdict.Accepted(ID, "Render started " + ID));

    assertThat(requests()).containsExactly("GET " + SERVICE_PATH, "POST " + JOBS);
    assertThat(lastBody()).isEqualTo(body);
    assertThat(lastRequest().getFirstHeader("Authorization")).isEqualTo("Bearer " + API_KEY);
    assertThat(log.lines)
        .containsExactly(
            "Render: a job runs in the last build of the service, so the commit is not pinned",
            "Render job: POST " + base() + JOBS + " for the command of the settings",
            "Render job: Render started " + ID);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          400, Refused
          401, Refused
          404, Refused
          408, Unknown
          429, Busy
          500, Unknown
          502, Unknown
          503, Busy
          """)
  void every_answer_has_its_verdict(int status, String verdict) throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(creation(), json(status, "{\"message\":\"no\"}"));

    StartAnswer answer = start(job(), attempt());

    assertThat(answer.getClass().getSimpleName()).isEqualTo(verdict);
  }

  @Test
  void a_success_without_a_jobs_id_is_in_doubt() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ""));
    on(creation(), json(201, "{\"id\":\"../deploys\"}"));

    assertThat(start(job(), attempt()))
        .isEqualTo(new Verdict.Unknown("Render answered 201 without a job's id"));
  }

  @Test
  void a_service_that_is_suspended_is_not_asked() throws Exception {
    onGet(SERVICE_PATH, 200, service("web_service", ",\"suspended\":\"suspended\""));

    assertThat(start(job(), attempt()))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("Render has suspended the service"));
    assertThat(requests()).containsExactly("GET " + SERVICE_PATH);
  }

  @Test
  void a_key_that_does_not_see_the_service_is_known_before() throws Exception {
    onGet(SERVICE_PATH, 404, "{\"message\":\"not found\"}");

    assertThat(start(job(), attempt()))
        .isEqualTo(
            new Verdict.Refused(
                "Render answered 404: not found; check RENDER_API_KEY and RENDER_SERVICE_ID"));
    assertThat(requests()).containsExactly("GET " + SERVICE_PATH);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          pending,   Going,     10
          running,   Going,     5
          new_word,  Going,     5
          succeeded, Succeeded, 'Render ran ID in the last build of the service'
          failed,    Failed,    'Render: ID failed; its log is with the service srv-abc123 in Render''s dashboard'
          canceled,  Cancelled, 'Cancelled at Render, not by Slipway'
          """)
  void every_status_has_its_meaning(String status, String meaning, String what) throws Exception {
    onGet(JOBS + "/" + ID, 200, described(ID, status, COMMAND, NOW));

    PollResult result = job().poll(attempt(), ID, log);

    if (result instanceof PollResult.Over(var end)) {
      assertThat(end.getClass().getSimpleName()).isEqualTo(meaning);
      assertThat(end.reason()).isEqualTo(what.replace("ID", ID));
    } else {
      assertThat(result)
          .isEqualTo(new PollResult.Going(status, Duration.ofSeconds(Long.parseLong(what))));
    }
    assertThat(requests()).containsExactly("GET " + JOBS + "/" + ID);
  }

  @Test
  void the_same_phase_is_logged_once() throws Exception {
    onGet(JOBS + "/" + ID, 200, described(ID, "running", COMMAND, NOW));
    RenderJob job = job();

    job.poll(attempt(), ID, log);
    job.poll(attempt(), ID, log);

    assertThat(log.lines).containsExactly("Render job: running");
  }

  @Test
  void a_job_that_cannot_be_seen_goes_on() throws Exception {
    onGet(JOBS + "/" + ID, 502, "");

    assertThat(job().poll(attempt(), ID, log))
        .isEqualTo(
            new PollResult.Unseen(
                "The job cannot be seen: Render answered 502", Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @CsvSource({"pending", "running", "succeeded", "failed", "canceled", ","})
  void one_that_is_in_doubt_is_found_by_command_and_time(@Nullable String status) throws Exception {
    onGet(
        JOBS,
        200,
        list(
            described(OTHER, "running", "bin/rails console", NOW.plusSeconds(2)),
            described(ID, status, COMMAND, NOW.plusSeconds(1)),
            described(OTHER, "running", COMMAND, NOW.minusSeconds(60))));

    assertThat(job().lookUp(attempt(), log))
        .isEqualTo(new LookupResult.Found(ID, "Render did start " + ID));
    assertThat(requests())
        .containsExactly("GET " + JOBS + "?createdAfter=" + NOW.minusSeconds(5) + "&limit=100");
  }

  @Test
  void of_two_that_fit_neither_is_taken_for_ours() throws Exception {
    onGet(
        JOBS,
        200,
        list(described(ID, "running", COMMAND, NOW), described(OTHER, "running", COMMAND, NOW)));

    assertThat(job().lookUp(attempt(), log))
        .isEqualTo(
            new LookupResult.CannotKnow(
                "Render lists 2 jobs that may be this one; look at the jobs of the service"
                    + " srv-abc123 in Render's dashboard"));
  }

  @Test
  void one_that_another_run_has_does_not_count() throws Exception {
    onGet(
        JOBS,
        200,
        list(described(ID, "running", COMMAND, NOW), described(OTHER, "failed", COMMAND, NOW)));
    ofOthers.add(OTHER);

    assertThat(job().lookUp(attempt(), log))
        .isEqualTo(new LookupResult.Found(ID, "Render did start " + ID));
    ofOthers.add(ID);
    assertThat(job().lookUp(attempt(), log)).isInstanceOf(LookupResult.NotThere.class);
  }

  @Test
  void none_is_absent_for_now_and_a_list_that_fails_says_nothing() throws Exception {
    onGet(JOBS, 200, "[]");
    assertThat(job().lookUp(attempt(), log)).isInstanceOf(LookupResult.NotThere.class);

    render.reset();
    onGet(JOBS, 503, "");
    assertThat(job().lookUp(attempt(), log)).isInstanceOf(LookupResult.Unreachable.class);
  }

  @Test
  void a_clock_of_renders_that_is_behind_is_allowed_for() throws Exception {
    on(
        get(JOBS),
        json(200, list(described(ID, "running", COMMAND, NOW.minusSeconds(30))))
            .withHeader("Date", "Fri, 20 Nov 2026 10:00:30 GMT"));

    assertThat(job().lookUp(attempt(), log)).isInstanceOf(LookupResult.Found.class);
  }

  @Test
  void it_is_cancelled_at_render() throws Exception {
    String cancel = JOBS + "/" + ID + "/cancel";
    on(
        request().withMethod("POST").withPath(cancel),
        json(200, described(ID, "canceled", COMMAND, NOW)));

    assertThat(job().stop(attempt(), ID, log))
        .isEqualTo(new StopResult.Done("cancelled at Render"));
    assertThat(job().stop(attempt(), "../x", log))
        .isEqualTo(new StopResult.Done("not stopped: no id of a job at Render"));
    assertThat(requests()).containsExactly("POST " + cancel);
  }
}
