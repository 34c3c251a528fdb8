package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mockserver.matchers.Times;
import org.mockserver.model.HttpResponse;

/** A signed delivery in, exact calls to Qovery, exact statuses out. */
@Execution(ExecutionMode.CONCURRENT)
class QoveryIT {
  private static final String SERVICE = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
  private static final String REQUEST = "7a1d5a0e-0d44-4b50-8888-8dd257360001";
  private static final String TOKEN = "qov_abcdefghijklmnop";

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder).set("QOVERY_API_TOKEN", TOKEN);
  }

  private static HttpResponse body(int status, String json) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(json);
  }

  private static String status(String state, String action) {
    return """
    {"id":"%s","state":"%s","service_deployment_status":"OUT_OF_DATE",
    "is_part_last_deployment":true,"deployment_requests_count":1,
    "status_details":{"action":"DEPLOY","status":"%s","sub_action":"NONE"},
    "deployment_request_id":"%s","execution_id":"exec-1",
    "last_deployment_date":"2030-01-01T10:00:00Z"}\
    """
        .formatted(SERVICE, state, action, REQUEST);
  }

  private static void deployWalks(SlipwayServer world, String kind, String end, String action) {
    String path = "/" + kind + "/" + SERVICE;
    world
        .services
        .when(request().withMethod("POST").withPath(path + "/deploy"))
        .respond(body(202, status("QUEUED", "QUEUED")));
    world
        .services
        .when(request().withMethod("GET").withPath(path + "/status"), Times.exactly(1))
        .respond(body(200, status("BUILDING", "ONGOING")));
    world
        .services
        .when(request().withMethod("GET").withPath(path + "/status"))
        .respond(body(200, status(end, action)));
    world
        .services
        .when(request().withMethod("GET").withPath(path + "/deploymentHistoryV2"))
        .respond(body(200, "{\"results\":[]}"));
    world
        .services
        .when(request().withMethod("GET").withPath(path + "/link"))
        .respond(body(200, "{\"results\":[{\"url\":\"https://hello.qovery.example\"}]}"));
  }

  private static void gitSource(SlipwayServer world, String kind) {
    String source =
        "{\"git_repository\":{\"deployed_commit_id\":\"%s\"}}".formatted(SlipwayServer.SHA);
    String all =
        kind.equals("application")
            ? source
            : """
            {"id":"%s","source":{"docker":%s},
            "schedule":{"on_start":{"arguments":[]}},"job_type":"LIFECYCLE"}\
            """
                .formatted(SERVICE, source);
    world
        .services
        .when(request().withMethod("GET").withPath("/" + kind + "/" + SERVICE))
        .respond(body(200, all));
  }

  @Test
  void an_application_gets_the_exact_commit_and_is_followed_until_it_is_deployed() {
    try (SlipwayServer world = world().set("QOVERY_APPLICATION_ID", SERVICE)) {
      deployWalks(world, "application", "DEPLOYED", "SUCCESS");
      gitSource(world, "application");
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(posted.getLast().description()).contains(SlipwayServer.SHA.substring(0, 7));
      assertThat(world.calls())
          .filteredOn(call -> call.startsWith("POST"))
          .containsExactly("POST /application/" + SERVICE + "/deploy");
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/application/" + SERVICE + "/deploy")
              .withHeader("Authorization", "Token " + TOKEN)
              .withHeader("Content-Type", "application/json")
              .withBody(json("{\"git_commit_id\":\"" + SlipwayServer.SHA + "\"}")));
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain(TOKEN);
    }
  }

  @Test
  void an_application_that_does_not_build_is_a_failure_and_does_not_fall_through() {
    try (SlipwayServer world =
        world().set("QOVERY_APPLICATION_ID", SERVICE).set("DEPLOY_CMD", "echo must not run")) {
      deployWalks(world, "application", "BUILD_ERROR", "ERROR");
      gitSource(world, "application");
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "failure");
      assertThat(world.plainLog(posted.getFirst().logUrl())).doesNotContain("must not run");
    }
  }

  @Test
  void a_build_that_fails_says_why_in_the_status_and_in_the_log() {
    try (SlipwayServer world = world().set("QOVERY_APPLICATION_ID", SERVICE)) {
      deployWalks(world, "application", "BUILD_ERROR", "ERROR");
      world
          .services
          .when(request().withMethod("GET").withPath("/application/" + SERVICE))
          .respond(
              body(
                  200,
                  "{\"id\":\"%s\",\"environment\":{\"id\":\"e1b2c3d4-0d44-4b50-8888-8dd25736052a\"}}"
                      .formatted(SERVICE)));
      world
          .services
          .when(
              request()
                  .withMethod("GET")
                  .withPath("/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a"))
          .respond(body(200, "{\"organization\":{\"id\":\"o-1\"},\"project\":{\"id\":\"p-1\"}}"));
      world
          .services
          .when(
              request()
                  .withMethod("GET")
                  .withPath("/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a/logs")
                  .withQueryStringParameter("version", "exec-1")
                  .withHeader("Authorization", "Token " + TOKEN))
          .respond(body(200, "[" + row("cloning", "null") + "," + row("", ERROR) + "]"));
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted.getLast().state()).isEqualTo("failure");
      assertThat(posted.getLast().description())
          .isEqualTo(
              "Qovery: BUILD_ERROR: no Dockerfile, token ***; the previous version keeps running");
      assertThat(world.plainLog(posted.getFirst().logUrl()).lines())
          .extracting(line -> line.substring("2026-11-21T05:00:00.123Z ".length()))
          .containsSubsequence(
              "▸ Qovery: follow it at https://console.qovery.com/organization/o-1/project/p-1/environment/e1b2c3d4-0d44-4b50-8888-8dd25736052a",
              "cloning",
              "no Dockerfile, token ***",
              "Hint: add one")
          .filteredOn(line -> line.equals("cloning"))
          .hasSize(1);
    }
  }

  private static final String ERROR =
      "{\"tag\":\"BUILD\",\"user_log_message\":\"no Dockerfile, token %s\",\"hint_message\":\"add one\"}"
          .formatted(TOKEN);

  private static String row(String message, String error) {
    return """
        {"type":"info","timestamp":"2026-11-20T10:00:00Z","details":{"execution_id":"exec-1",
        "transmitter":{"id":"%s","type":"Application","name":"app"}},
        "message":{"safe_message":"%s"},"error":%s}"""
        .formatted(SERVICE, message, error);
  }

  @Test
  void a_job_gets_its_commit_and_its_event() {
    try (SlipwayServer world =
        world()
            .set("QOVERY_JOB_ID", SERVICE)
            .set("QOVERY_JOB_FORCE_EVENT", "START")
            .set("QOVERY_AUTH_SCHEME", "bearer")) {
      deployWalks(world, "job", "DEPLOYED", "SUCCESS");
      gitSource(world, "job");
      world.start().deliver(SlipwayServer.event());

      List<SlipwayServer.Posted> posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.calls())
          .filteredOn(call -> call.startsWith("POST"))
          .containsExactly("POST /job/" + SERVICE + "/deploy?forceEvent=START");
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/job/" + SERVICE + "/deploy")
              .withHeader("Authorization", "Bearer " + TOKEN)
              .withBody(json("{\"git_commit_id\":\"" + SlipwayServer.SHA + "\"}")));
    }
  }

  @Test
  void a_container_gets_the_tag_of_its_commit_and_tells_its_address() {
    try (SlipwayServer world =
        world()
            .set("QOVERY_CONTAINER_ID", SERVICE)
            .set("QOVERY_CONTAINER_IMAGE_TAG", "build-{sha}")) {
      String tag = "build-" + SlipwayServer.SHA;
      deployWalks(world, "container", "DEPLOYED", "SUCCESS");
      world
          .services
          .when(request().withMethod("GET").withPath("/container/" + SERVICE))
          .respond(body(200, "{\"id\":\"%s\",\"tag\":\"%s\"}".formatted(SERVICE, tag)));
      world.start().deliver(SlipwayServer.event());

      SlipwayServer.Posted last = world.awaitEnd().getLast();

      assertThat(last.state()).isEqualTo("success");
      assertThat(last.description()).isEqualTo("Deployed by Qovery: image tag " + tag + " is live");
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/container/" + SERVICE + "/deploy")
              .withBody(json("{\"image_tag\":\"" + tag + "\"}")));
    }
  }

  @Test
  void a_helm_service_gets_the_version_of_its_chart_and_the_values_of_the_commit() {
    try (SlipwayServer world =
        world()
            .set("QOVERY_HELM_ID", SERVICE)
            .set("QOVERY_HELM_CHART_VERSION", "1.4.2")
            .set("QOVERY_HELM_VALUES_FROM_GIT", "true")) {
      deployWalks(world, "helm", "DEPLOYED", "SUCCESS");
      world
          .services
          .when(request().withMethod("GET").withPath("/helm/" + SERVICE))
          .respond(body(200, "{\"source\":{\"repository\":{\"chart_version\":\"1.4.2\"}}}"));
      world.start().deliver(SlipwayServer.event());

      SlipwayServer.Posted last = world.awaitEnd().getLast();

      assertThat(last.state()).isEqualTo("success");
      assertThat(last.description()).isEqualTo("Deployed by Qovery: chart version 1.4.2 is live");
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/helm/" + SERVICE + "/deploy")
              .withBody(
                  json(
                      "{\"chart_version\":\"1.4.2\",\"values_override_git_commit_id\":\"%s\"}"
                          .formatted(SlipwayServer.SHA))));
    }
  }
}
