package dev.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;

import dev.slipway.server.Await;
import dev.slipway.server.SlipwayServer;
import dev.slipway.store.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockserver.matchers.MatchType;
import org.mockserver.matchers.Times;

/** {@code POST /api/rollback} and {@code POST /api/promote}. */
class ReleaseIT {
  private static final String FIRST = "a".repeat(40);
  private static final String SECOND = "b".repeat(40);
  private static final String THIRD = "c".repeat(40);
  private static final String REPOSITORY = "\"repository\":\"octo-org/hello-world\"";

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .set("DEPLOY_CMD", "echo \"$SLIPWAY_ENVIRONMENT $SLIPWAY_SHA\" >> " + folder + "/ran");
  }

  private static void deploy(SlipwayServer world, long id, String environment, String sha) {
    String event =
        SlipwayServer.event(id, environment, sha)
            .replace(
                "{\"reason\":\"because\"}",
                "{\"reason\":\"because\",\"override_freeze\":\"outage\"}");
    assertThat(world.deliver(event).statusCode()).isEqualTo(202);
    assertThat(world.awaitEnd(id).getLast().state()).isEqualTo("success");
  }

  private static String posted(SlipwayServer world, String repository, long id) {
    return Arrays.stream(
            world.services.retrieveRecordedRequests(
                request()
                    .withMethod("POST")
                    .withPath("/repos/%s/deployments/%d/statuses".formatted(repository, id))))
        .map(status -> status.getBodyAsString())
        .collect(Collectors.joining());
  }

  /** GitHub's event for a deployment whose payload says that it is a rollback. */
  private static void deliverRollback(SlipwayServer world, long id, String sha, long to) {
    String event =
        SlipwayServer.event(id, "production", sha)
            .replace(
                "{\"reason\":\"because\"}", "{\"rollback\":true,\"rollback_to\":%d}".formatted(to));
    assertThat(world.deliver(event).statusCode()).isEqualTo(202);
    assertThat(world.awaitEnd(id).getLast().state()).isEqualTo("success");
  }

  private static void githubCreates(SlipwayServer world, long id, String sha) {
    world
        .services
        .when(
            request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments"),
            Times.once())
        .respond(
            response("{\"id\":%d,\"sha\":\"%s\"}".formatted(id, sha))
                .withStatusCode(201)
                .withHeader("Content-Type", "application/json"));
  }

  private static HttpResponse<String> rollBack(SlipwayServer world, String more) {
    return world.api("/api/rollback?wait=30s", "{" + REPOSITORY + more + "}");
  }

  @Test
  void a_rollback_deploys_the_last_good_commit_before_the_present_one_through_github() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "production", FIRST);
      deploy(world, 43, "production", SECOND);
      githubCreates(world, 44, FIRST);

      HttpResponse<String> answer = rollBack(world, ",\"reason\":\"checkout is broken\"");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(SlipwayServer.json(answer.body()).path("state").asString()).isEqualTo("succeeded");
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/repos/octo-org/hello-world/deployments")
              .withBody(
                  json(
                      """
                      {"ref":"%s","task":"deploy","auto_merge":false,"environment":"production",
                      "description":"Rollback to aaaaaaa by token SLIPWAY_API_TOKEN: checkout is broken",
                      "transient_environment":false,"production_environment":true,
                      "payload":{"reason":"because","rollback":true,"rollback_to":1},
                      "required_contexts":[]}\
                      """
                          .formatted(FIRST),
                      MatchType.STRICT)));
      assertThat(world.awaitEnd(44).getLast().state()).isEqualTo("success");
      assertThat(folder.resolve("ran"))
          .hasContent(
              "production %s\nproduction %s\nproduction %s\n".formatted(FIRST, SECOND, FIRST));
    }
  }

  @Test
  void the_next_rollback_goes_further_back_and_not_forth_again() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "production", FIRST);
      deploy(world, 43, "production", SECOND);
      deploy(world, 44, "production", THIRD);
      githubCreates(world, 45, SECOND);
      assertThat(rollBack(world, "").statusCode()).isEqualTo(200);
      githubCreates(world, 46, FIRST);

      assertThat(rollBack(world, "").statusCode()).isEqualTo(200);

      assertThat(folder.resolve("ran")).content().endsWith("production " + FIRST + "\n");
      HttpResponse<String> third = rollBack(world, "");
      assertThat(third.statusCode()).isEqualTo(409);
      assertThat(third.body())
          .contains(
              "no deployment of octo-org/hello-world in production succeeded before deployment 1"
                  + " with another commit");
    }
  }

  @Test
  void a_named_deployment_is_repeated_if_it_succeeded_there() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "production", FIRST);
      deploy(world, 43, "production", SECOND);
      deploy(world, 44, "production", THIRD);
      deploy(world, 45, "staging", THIRD);
      assertThat(
              world
                  .deliver(
                      SlipwayServer.event(60, "production", FIRST)
                          .replace("octo-org/hello-world", "octo-org/other"))
                  .statusCode())
          .isEqualTo(202);
      Await.until(
          () -> "the other repository's deployment has not ended",
          () -> posted(world, "octo-org/other", 60).contains("success"));
      githubCreates(world, 46, FIRST);

      assertThat(rollBack(world, ",\"to\":1").statusCode()).isEqualTo(200);

      assertThat(folder.resolve("ran")).content().endsWith("production " + FIRST + "\n");
      assertThat(rollBack(world, ",\"to\":4").body())
          .contains("deployment 4 is of octo-org/hello-world in staging");
      assertThat(rollBack(world, ",\"to\":99").body())
          .contains("there is no deployment 99 that succeeded");
      assertThat(rollBack(world, ",\"to\":5").body())
          .as("what is in another repository looks unknown")
          .contains("there is no deployment 5 that succeeded");
    }
  }

  private static HttpResponse<String> order(
      SlipwayServer world, String path, String key, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at(path + "?wait=30s"))
            .header("Authorization", "Bearer api-token-of-the-test")
            .header("Idempotency-Key", key)
            .header("Slipway-Actor", "ann")
            .POST(HttpRequest.BodyPublishers.ofString("{" + REPOSITORY + body + "}"))
            .build());
  }

  private static long asked(SlipwayServer world) {
    return world.calls().stream().filter(call -> call.startsWith("POST ")).count();
  }

  @Test
  void what_a_key_has_deployed_is_no_answer_to_a_rollback() {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> deployed = order(world, "/api/deploy_application", "ci-1", "");
      assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(200);

      HttpResponse<String> mistaken = order(world, "/api/rollback", "ci-1", "");

      assertThat(mistaken.statusCode()).as(mistaken.body()).isEqualTo(422);
      assertThat(mistaken.body()).contains("Idempotency-Key");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_repeated_rollback_gets_the_answer_of_the_first_although_it_is_live_by_then(
      TestDatabases kind) {
    try (SlipwayServer world = world().set("SLIPWAY_DATABASE_URL", kind.url()).start()) {
      deploy(world, 42, "production", FIRST);
      deploy(world, 43, "production", SECOND);
      githubCreates(world, 44, FIRST);
      String reason = ",\"reason\":\"it is slow\"";
      HttpResponse<String> first = order(world, "/api/rollback", "ci-1", reason);
      assertThat(first.statusCode()).as(first.body()).isEqualTo(200);

      HttpResponse<String> again = order(world, "/api/rollback", "ci-1", reason);

      assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
      assertThat(SlipwayServer.json(again.body()).path("id"))
          .isEqualTo(SlipwayServer.json(first.body()).path("id"));
      HttpResponse<String> other = order(world, "/api/rollback", "ci-1", ",\"to\":1");
      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(other.body()).contains("Idempotency-Key");
      assertThat(asked(world)).isEqualTo(1);
      assertThat(folder.resolve("ran")).content().hasLineCount(3);
      assertThat(world.audit())
          .containsExactly(
              "rollback of deployment 44 of octo-org/hello-world to production by ann (token"
                  + " SLIPWAY_API_TOKEN) (api): it is slow");
    }
  }

  @Test
  void a_repeated_promotion_gets_the_answer_of_the_first() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "staging", SECOND);
      githubCreates(world, 43, SECOND);
      String promotion = ",\"from\":\"staging\",\"to\":\"production\"";
      assertThat(order(world, "/api/promote", "ci-1", promotion).statusCode()).isEqualTo(200);

      assertThat(order(world, "/api/promote", "ci-1", promotion).statusCode()).isEqualTo(200);

      assertThat(asked(world)).isEqualTo(1);
      assertThat(world.audit())
          .containsExactly(
              "promote of deployment 43 of octo-org/hello-world to production by ann (token"
                  + " SLIPWAY_API_TOKEN) (api): ");
    }
  }

  @Test
  void a_repeated_rollback_whose_first_answer_was_lost_at_github_is_in_doubt_and_asks_nothing() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "production", FIRST);
      deploy(world, 43, "production", SECOND);
      world
          .services
          .when(request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments"))
          .respond(response().withStatusCode(500));
      assertThat(order(world, "/api/rollback", "ci-1", "").statusCode()).isEqualTo(502);
      deliverRollback(world, 44, FIRST, 1);

      HttpResponse<String> again = order(world, "/api/rollback", "ci-1", "");

      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(again.body()).contains("Unknown outcome");
      assertThat(asked(world)).isEqualTo(1);
    }
  }

  @Test
  void a_payload_cannot_lead_a_rollback_to_another_environment() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 41, "staging", THIRD);
      deploy(world, 42, "staging", SECOND);
      deploy(world, 43, "production", FIRST);
      deliverRollback(world, 44, SECOND, 2);
      githubCreates(world, 45, FIRST);

      HttpResponse<String> answer = rollBack(world, "");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(folder.resolve("ran")).content().endsWith("production " + FIRST + "\n");
    }
  }

  @Test
  void without_a_deployment_that_succeeded_nothing_is_asked_for() {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> answer = rollBack(world, "");

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body())
          .contains("no deployment of octo-org/hello-world in production has succeeded here");
      assertThat(world.calls()).isEmpty();
      assertThat(world.audit()).as("what was refused is no act").isEmpty();
    }
  }

  @Test
  void a_body_that_is_wrong_is_told_field_by_field() {
    try (SlipwayServer world = world().start()) {
      HttpResponse<String> answer =
          world.api("/api/rollback", "{\"repository\":\"hello\",\"to\":-1,\"sha\":\"x\"}");

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains(
              "unknown field \\\"sha\\\"",
              "repository must be owner/name",
              "to must be a whole number above 0");
      assertThat(world.api("/api/promote", "{}").body())
          .contains("repository is missing", "from is missing", "to is missing");
    }
  }

  @Test
  void a_promotion_deploys_what_is_live_in_another_environment() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "staging", SECOND);
      githubCreates(world, 43, SECOND);
      String promotion = "{" + REPOSITORY + ",\"from\":\"staging\",\"to\":\"production\"}";

      HttpResponse<String> answer = world.api("/api/promote?wait=30s", promotion);

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      world.services.verify(
          request()
              .withMethod("POST")
              .withPath("/repos/octo-org/hello-world/deployments")
              .withBody(
                  json(
                      """
                      {"ref":"%s","environment":"production","production_environment":true,
                      "description":"Promotion of bbbbbbb from staging by token SLIPWAY_API_TOKEN",
                      "payload":{"reason":"because","promoted_from":"staging"}}\
                      """
                          .formatted(SECOND),
                      MatchType.ONLY_MATCHING_FIELDS)));
      assertThat(world.awaitEnd(43).getLast().state()).isEqualTo("success");
      HttpResponse<String> again = world.api("/api/promote", promotion);
      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(again.body()).contains("bbbbbbb is live in production already");
    }
  }

  @Test
  void github_that_declines_is_told_and_nothing_runs() {
    try (SlipwayServer world = world().start()) {
      deploy(world, 42, "production", FIRST);
      deploy(world, 43, "production", SECOND);
      world
          .services
          .when(request().withMethod("POST").withPath("/repos/octo-org/hello-world/deployments"))
          .respond(
              response("{\"message\":\"No ref found\"}")
                  .withStatusCode(422)
                  .withHeader("Content-Type", "application/json"));

      HttpResponse<String> answer = rollBack(world, "");

      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.body()).contains("No ref found");
      assertThat(folder.resolve("ran")).content().endsWith("production " + SECOND + "\n");
    }
  }
}
