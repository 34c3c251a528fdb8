package dev.slipway.targets.qovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import dev.slipway.targets.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls of a deploy whose request is the one that the status is about. */
class QoveryPollTest extends QoveryFixture {
  private static final String APPLICATION = "/application/" + SERVICE;
  private static final String JOB = "/job/" + SERVICE;
  private static final String ENVIRONMENT_STATUS = "/environment/deploymentStatus";
  private static final String QUEUE = "/service/" + SERVICE + "/deploymentQueue";

  private PollResult poll(Target target) throws InterruptedException {
    return target.poll(ATTEMPT, REQUEST, log);
  }

  private static End over(PollResult sighting) {
    assertThat(sighting).isInstanceOf(PollResult.Over.class);
    return ((PollResult.Over) sighting).end();
  }

  private static void service(String kind) {
    on("/" + kind + "/" + SERVICE, 200, deployed(kind));
  }

  private static String noun(String kind) {
    return kind.equals("helm") ? "Helm service" : kind;
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          READY,              Going,     10
          QUEUED,             Going,     10
          DEPLOYMENT_QUEUED,  Going,     10
          WAITING_RUNNING,    Going,     10
          RESTART_QUEUED,     Going,     10
          WAITING_RESTARTING, Going,     10
          BUILDING,           Going,     5
          DEPLOYING,          Going,     5
          EXECUTING,          Going,     5
          RECAP,              Going,     5
          RESTARTING,         Going,     5
          CANCELING,          Going,     5
          DEPLOYED,           Succeeded, 'Deployed by Qovery: VERSION is live'
          RESTARTED,          Succeeded, 'Deployed by Qovery: VERSION is live'
          BUILD_ERROR,        Failed,    'Qovery: BUILD_ERROR; the previous version keeps running'
          DEPLOYMENT_ERROR,   Failed,    'Qovery: DEPLOYMENT_ERROR; the previous version keeps running'
          RESTART_ERROR,      Failed,    'Qovery: RESTART_ERROR; the previous version keeps running'
          CANCELED,           Cancelled, 'Cancelled at Qovery, not by Slipway'
          STOPPED,            Errored,   'Qovery: STOPPED; another action was run on the KIND; check the deployment history of the KIND in Qovery''s console'
          DELETED,            Errored,   'Qovery: DELETED; another action was run on the KIND; check the deployment history of the KIND in Qovery''s console'
          STOP_ERROR,         Errored,   'Qovery: STOP_ERROR; another action was run on the KIND; check the deployment history of the KIND in Qovery''s console'
          DELETE_ERROR,       Errored,   'Qovery: DELETE_ERROR; another action was run on the KIND; check the deployment history of the KIND in Qovery''s console'
          STOP_QUEUED,        Going,     5
          STOPPING,           Going,     5
          WAITING_STOPPING,   Going,     5
          DELETE_QUEUED,      Going,     5
          DELETING,           Going,     5
          WAITING_DELETING,   Going,     5
          UNAVAILABLE,        Going,     5
          SOMETHING_NEW,      Going,     5
          """)
  void every_state_has_its_meaning(String state, String meaning, String what) throws Exception {
    for (String kind : List.of("application", "job", "container", "helm")) {
      server.reset();
      service(kind);
      on("/" + kind + "/" + SERVICE + "/status", 200, status(state, REQUEST, AFTER));

      PollResult sighting = poll(target(kind));

      if (meaning.equals("Going")) {
        assertThat(sighting)
            .as(kind)
            .isEqualTo(new PollResult.Going(state, Duration.ofSeconds(Long.parseLong(what))));
      } else {
        End end = over(sighting);
        assertThat(end.getClass().getSimpleName()).as(kind).isEqualTo(meaning);
        assertThat(end.reason())
            .isEqualTo(what.replace("KIND", noun(kind)).replace("VERSION", version(kind)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          STOP,   STOP_QUEUED,      Going
          STOP,   WAITING_STOPPING, Going
          STOP,   STOPPING,         Going
          STOP,   STOPPED,          Succeeded
          STOP,   STOP_ERROR,       Failed
          STOP,   DELETED,          Errored
          DELETE, DELETE_QUEUED,    Going
          DELETE, WAITING_DELETING, Going
          DELETE, DELETING,         Going
          DELETE, DELETED,          Succeeded
          DELETE, DELETE_ERROR,     Failed
          DELETE, STOPPED,          Errored
          START,  STOPPED,          Errored
          START,  DELETED,          Errored
          """)
  void a_job_that_was_to_stop_or_delete_did_so_itself(String event, String state, String meaning)
      throws Exception {
    service("job");
    on("/job/" + SERVICE + "/status", 200, status(state, REQUEST, AFTER));

    PollResult sighting = poll(job(event, null));

    assertThat(
            (sighting instanceof PollResult.Over it ? it.end() : sighting)
                .getClass()
                .getSimpleName())
        .isEqualTo(meaning);
  }

  @Test
  void a_state_is_told_on_one_line_that_can_be_kept() throws Exception {
    on(
        "/application/" + SERVICE + "/status",
        200,
        status("ODD\\u0000\\nSTATE" + "x".repeat(1000), REQUEST, AFTER));

    assertThat(poll(application()))
        .isInstanceOfSatisfying(
            PollResult.Going.class,
            going -> assertThat(going.phase()).startsWith("ODD STATExxx").hasSizeLessThan(310));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          DEPLOYED,    QUEUED,    Going,  10
          DEPLOYED,    ONGOING,   Going,  5
          DEPLOYED,    EXECUTING, Going,  5
          DEPLOYED,    CANCELING, Going,  5
          DEPLOYED,    NEVER,     Going,  10
          BUILD_ERROR, ONGOING,   Going,  5
          CANCELED,    QUEUED,    Going,  10
          """)
  void an_end_that_the_details_contradict_is_the_one_of_the_deploy_before(
      String state, String details, String meaning, int seconds) throws Exception {
    service("application");
    on(APPLICATION + "/status", 200, status(state, details, REQUEST, AFTER));

    assertThat(poll(application()))
        .isEqualTo(new PollResult.Going(state + " (" + details + ")", Duration.ofSeconds(seconds)));
  }

  @Test
  void a_deployed_that_the_details_call_an_error_is_no_success() throws Exception {
    service("application");
    on(APPLICATION + "/status", 200, status("DEPLOYED", "ERROR", REQUEST, AFTER));

    assertThat(over(poll(application())))
        .isEqualTo(new End.Failed("Qovery: DEPLOYED (ERROR); the previous version keeps running"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DEPLOYED", "BUILD_ERROR", "DEPLOYMENT_ERROR", "RESTART_ERROR", "CANCELED"})
  void an_end_that_the_details_call_cancelled_is_neither_success_nor_failure(String state)
      throws Exception {
    service("application");
    on(APPLICATION + "/status", 200, status(state, "CANCELED", REQUEST, AFTER));

    assertThat(over(poll(application())))
        .isEqualTo(new End.Cancelled("Cancelled at Qovery, not by Slipway"));
  }

  @Test
  void one_call_is_enough_while_the_status_is_ours() throws Exception {
    on(APPLICATION + "/status", 200, status("BUILDING", REQUEST, BEFORE));
    Target target = application();

    poll(target);
    List<String> first = asked();
    poll(target);

    assertThat(first).containsExactly("GET " + APPLICATION + "/status", "GET " + APPLICATION);
    assertThat(asked().subList(first.size(), asked().size()))
        .containsExactly("GET " + APPLICATION + "/status");
    server.verify(
        get(APPLICATION + "/status").withHeader("Authorization", "Token " + TOKEN),
        org.mockserver.verify.VerificationTimes.exactly(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application", "job"})
  void the_end_of_the_deploy_before_is_never_ours(String kind) throws Exception {
    service(kind);
    String path = "/" + kind + "/" + SERVICE;
    on(path + "/status", 200, status("DEPLOYED", OTHER_REQUEST, AFTER));
    on(ENVIRONMENT_STATUS, 404, "");
    on(QUEUE, 200, queue(OTHER_REQUEST, REQUEST));

    assertThat(poll(target(kind)))
        .isEqualTo(new PollResult.Going("QUEUED", Duration.ofSeconds(10)));
    assertThat(asked().subList(0, 3))
        .containsExactly(
            "GET " + path + "/status",
            "GET " + ENVIRONMENT_STATUS + "?deploymentRequestId=" + REQUEST,
            "GET " + QUEUE);
  }

  @Test
  void the_state_of_the_request_shows_where_it_is() throws Exception {
    on(APPLICATION + "/status", 200, status("DEPLOYED", OTHER_REQUEST, BEFORE));
    on(
        ENVIRONMENT_STATUS,
        200,
        "{\"deployment_request_id\":\"" + REQUEST + "\",\"status\":\"DEPLOYMENT_QUEUED\"}");

    assertThat(poll(application()))
        .isEqualTo(new PollResult.Going("DEPLOYMENT_QUEUED", Duration.ofSeconds(10)));
    assertThat(asked()).doesNotContain("GET " + QUEUE);
  }

  @Test
  void the_queue_answers_where_the_state_of_the_request_cannot() throws Exception {
    on(APPLICATION + "/status", 200, status("DEPLOYED", OTHER_REQUEST, BEFORE));
    on(ENVIRONMENT_STATUS, 500, "");
    on(QUEUE, 200, queue(REQUEST));

    assertThat(poll(application()))
        .isEqualTo(new PollResult.Going("QUEUED", Duration.ofSeconds(10)));

    on(QUEUE, 200, queue());

    assertThat(poll(application())).isInstanceOf(PollResult.Unseen.class);
  }

  @Test
  void a_request_that_starts_between_two_calls_is_not_lost() throws Exception {
    once(APPLICATION + "/status", status("DEPLOYED", OTHER_REQUEST, AFTER));
    on(ENVIRONMENT_STATUS, 404, "");
    on(QUEUE, 200, queue());
    server
        .when(get(APPLICATION + "/status"))
        .respond(reply(200, status("BUILD_ERROR", REQUEST, AFTER)));
    now = START.plus(Duration.ofMinutes(20));

    assertThat(over(poll(application())))
        .isEqualTo(new End.Failed("Qovery: BUILD_ERROR; the previous version keeps running"));
  }

  @Test
  void an_environment_url_is_the_main_address_on_a_domain_of_ones_own() throws Exception {
    service("application");
    on(APPLICATION + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(
        APPLICATION + "/link",
        200,
        """
        {"results":[
          {"url":"https://p8080.z1.qovery.app","is_default":false,"is_qovery_domain":true},
          {"url":"https://z1.qovery.app","is_default":true,"is_qovery_domain":true},
          {"url":"https://www.example.com/a","is_default":true,"is_qovery_domain":false},
          {"url":"https://p8080.example.com","is_default":false,"is_qovery_domain":false}]}
        """);

    assertThat(over(poll(application())))
        .isEqualTo(
            new End.Succeeded(
                URI.create("https://www.example.com/a"),
                "Deployed by Qovery: commit f95f852 is live"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "javascript:alert(1)",
        "ftp://example.com",
        "www.example.com",
        "https:///x",
        "https://user:pass@example.com",
        "https://exa mple.com",
        ""
      })
  void what_is_no_web_address_is_no_environment_url(String url) throws Exception {
    service("application");
    on(APPLICATION + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(APPLICATION + "/link", 200, "{\"results\":[{\"url\":\"" + url + "\"}]}");

    assertThat(over(poll(application())))
        .isEqualTo(new End.Succeeded(null, "Deployed by Qovery: commit f95f852 is live"));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 404, 500})
  void a_deploy_succeeds_without_an_environment_url(int status) throws Exception {
    service("application");
    on(APPLICATION + "/status", 200, status("DEPLOYED", REQUEST, AFTER));
    on(APPLICATION + "/link", status, "<html>");

    assertThat(over(poll(application())))
        .isEqualTo(new End.Succeeded(null, "Deployed by Qovery: commit f95f852 is live"));
  }

  @Test
  void the_log_tells_each_phase_once_and_links_to_the_console() throws Exception {
    service("application");
    on(
        "/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a",
        200,
        "{\"id\":\"e1b2c3d4-0d44-4b50-8888-8dd25736052a\",\"organization\":{\"id\":\"org-1\"},\"project\":{\"id\":\"prj-1\"}}");
    Target target = application();

    for (String state : List.of("QUEUED", "QUEUED", "BUILDING", "BUILDING", "BUILD_ERROR")) {
      on(APPLICATION + "/status", 200, status(state, REQUEST, AFTER));
      poll(target);
    }

    assertThat(log.lines)
        .containsExactly(
            "Qovery: follow it at"
                + " https://console.qovery.com/organization/org-1/project/prj-1/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a",
            "Qovery: QUEUED",
            "Qovery: BUILDING",
            "Qovery: BUILD_ERROR; the previous version keeps running");
  }

  @Test
  void a_deploy_is_followed_by_its_id_alone() throws Exception {
    service("job");
    on(JOB + "/status", 200, status("DEPLOYED", REQUEST, AFTER));

    assertThat(over(poll(job(null, null)))).isInstanceOf(End.Succeeded.class);
    assertThat(over(poll(job(null, null)))).isInstanceOf(End.Succeeded.class);
  }
}
