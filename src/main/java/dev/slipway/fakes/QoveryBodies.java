package dev.slipway.fakes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of Qovery's API about one application. */
record QoveryBodies(String service) {
  static final String ENVIRONMENT = "5d1b0c52-8f0f-4f3a-9a35-6f4a1f1f7e01";
  private static final String NAME = "hello-world";
  private static final String REPOSITORY = "https://github.com/" + FakeGitHub.REPOSITORY + ".git";

  /**
   * @param deployed the commit that runs
   */
  ObjectNode service(String deployed) {
    ObjectNode service = JsonBodies.object().put("id", service()).put("name", NAME);
    service.putObject("environment").put("id", ENVIRONMENT);
    ObjectNode git =
        JsonBodies.object()
            .put("url", REPOSITORY)
            .put("branch", "main")
            .put("root_path", "/")
            .put("deployed_commit_id", deployed);
    service.put("build_mode", "DOCKER").put("auto_deploy", false).set("git_repository", git);
    return service;
  }

  ObjectNode queue(List<FakeQoveryRequest> waiting, Instant now) {
    ObjectNode body = JsonBodies.object();
    ArrayNode results = body.putArray("results");
    for (FakeQoveryRequest request : waiting) {
      ObjectNode row = results.addObject().put("icon_uri", "app://qovery-console/application");
      named(row.putObject("identifier")).put("deployment_request_id", request.id());
      row.putObject("auditing_data").put("triggered_by", "slipway").put("origin", "API");
      row.set("status_details", request.details(now));
    }
    return body;
  }

  ObjectNode history(List<FakeQoveryRequest> begun, Instant now) {
    ObjectNode body = JsonBodies.object().put("page", 1).put("page_size", begun.size());
    ArrayNode results = body.putArray("results");
    for (FakeQoveryRequest request : begun) {
      ObjectNode row =
          results
              .addObject()
              .put("status", request.state(now))
              .put("icon_uri", "app://qovery-console/application");
      named(row.putObject("identifier")).put("execution_id", request.executionId(service));
      row.putObject("auditing_data")
          .put("created_at", request.asked().toString())
          .put("triggered_by", "slipway")
          .put("origin", "API");
      row.putObject("details").putObject("commit").put("git_commit_id", request.version());
      row.set("status_details", request.details(now));
    }
    return body;
  }

  /** The lines of the environment's log about a deploy of the service. */
  List<ObjectNode> log(FakeQoveryRequest request, Instant now) {
    List<ObjectNode> rows = new ArrayList<>();
    rows.add(row(request, request.begins(), "Building commit " + request.version()));
    if (request.isOver(now)) {
      Instant end = request.ends().orElseThrow();
      String state = request.state(now);
      ObjectNode last = row(request, end, "Deployment ended: " + state);
      if (state.endsWith("_ERROR")) {
        last.putObject("error")
            .put("tag", "BUILD")
            .put("user_log_message", "npm test failed with exit code 1")
            .put("hint_message", "Look at the lines above");
      }
      rows.add(last);
    }
    return rows;
  }

  private ObjectNode row(FakeQoveryRequest request, Instant at, String message) {
    ObjectNode row = JsonBodies.object().put("type", "info").put("timestamp", at.toString());
    ObjectNode details = row.putObject("details").put("execution_id", request.executionId(service));
    details
        .putObject("transmitter")
        .put("id", service)
        .put("name", NAME)
        .put("type", "Application");
    details.putObject("stage").put("step", "Build");
    row.putObject("message").put("safe_message", message);
    return row;
  }

  private ObjectNode named(ObjectNode identifier) {
    return identifier
        .put("name", NAME)
        .put("service_id", service)
        .put("service_type", "APPLICATION");
  }

  ObjectNode links() {
    ObjectNode body = JsonBodies.object();
    body.putArray("results")
        .addObject()
        .put("service_id", service)
        .put("service_type", "APPLICATION")
        .put("url", "https://hello.octo-org.example")
        .put("internal_port", 8080)
        .put("external_port", 443)
        .put("is_qovery_domain", false)
        .put("is_default", true);
    return body;
  }

  static ObjectNode environment() {
    ObjectNode environment = JsonBodies.object().put("id", ENVIRONMENT).put("name", "production");
    environment.putObject("organization").put("id", "0f7c1d7e-54c8-4a8e-b7f0-3e9f5f1c2a02");
    environment.putObject("project").put("id", "9c2f8a34-1b7d-4c55-8e21-7d5a0b6c3f03");
    return environment;
  }
}
