package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;

import dev.slipway.github.AppKeys;
import dev.slipway.time.SystemTime;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockserver.model.HttpRequest;
import org.mockserver.model.HttpResponse;
import tools.jackson.databind.JsonNode;

/** Slipway as a GitHub App: what it calls, and what an installation's trouble does to others. */
class GithubAppIT {
  /** As GitHub Enterprise Server gave them: no shape tells that it is a token. */
  private static final String TOKEN = "v1.1f699f1069f60xxx-f0e1d2c3b4a5";

  @TempDir Path folder;

  private SlipwayServer world() {
    return new SlipwayServer(folder)
        .without("GITHUB_TOKEN")
        .set("GITHUB_APP_ID", "12345")
        .set("GITHUB_APP_PRIVATE_KEY", AppKeys.pkcs1(AppKeys.PAIR));
  }

  private static String event(long installation) {
    return SlipwayServer.event()
        .replaceFirst("}$", ",\"installation\":{\"id\":%d}}".formatted(installation));
  }

  private static HttpResponse json(int status, String body) {
    return response()
        .withStatusCode(status)
        .withHeader("Content-Type", "application/json")
        .withBody(body);
  }

  private static void answers(SlipwayServer world, String path, HttpResponse answer) {
    world.services.when(request().withPath(path)).respond(answer);
  }

  private static void mints(SlipwayServer world, long installation) {
    answers(
        world,
        "/app/installations/" + installation + "/access_tokens",
        json(
            201,
            "{\"token\":\"%s\",\"expires_at\":\"%s\"}"
                .formatted(TOKEN, new SystemTime().instant().plus(Duration.ofHours(1)))));
  }

  private static String bearer(HttpRequest call) {
    return call.getFirstHeader("Authorization").replaceFirst("^Bearer ", "");
  }

  @Test
  void a_deployment_is_told_with_the_token_of_the_installation_that_got_the_event()
      throws Exception {
    Path printed = folder.resolve("printed");
    try (SlipwayServer world =
        world()
            .set(
                "DEPLOY_CMD",
                "until [ -s %s ]; do sleep 0.05; done; cat %s".formatted(printed, printed))) {
      mints(world, 11);
      world.start();

      assertThat(world.deliver(event(11)).statusCode()).isEqualTo(202);
      Await.until(() -> world.posted(42).toString(), () -> !world.posted(42).isEmpty());
      Files.writeString(printed, "the token is " + TOKEN + ".\n");
      var posted = world.awaitEnd();

      assertThat(posted)
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.calls()).containsExactly("POST /app/installations/11/access_tokens");
      JsonNode claims =
          AppKeys.verified(
              bearer(world.services.retrieveRecordedRequests(request().withPath("/app/.*"))[0]),
              AppKeys.PAIR.getPublic());
      assertThat(claims.path("iss").asString()).isEqualTo("12345");
      assertThat(
              Arrays.stream(
                      world.services.retrieveRecordedRequests(request().withPath("/repos/.*")))
                  .map(GithubAppIT::bearer))
          .hasSize(2)
          .containsOnly(TOKEN);
      assertThat(world.plainLog(posted.getFirst().logUrl()))
          .contains("the token is ***.")
          .doesNotContain(TOKEN);
    }
  }

  @Test
  void the_installation_is_remembered_through_a_restart() {
    try (SlipwayServer world =
        world()
            .set("DEPLOY_CMD", "true")
            .without("GITHUB_APP_ID")
            .without("GITHUB_APP_PRIVATE_KEY")) {
      mints(world, 11);
      world.start();
      world.deliver(event(11));
      URI readiness = world.at("/health/readiness");
      Await.until(
          () -> world.get(readiness).body(),
          () -> world.get(readiness).body().contains("\"statuses_waiting\":2"));
      world.stop();

      world
          .set("GITHUB_APP_ID", "12345")
          .set("GITHUB_APP_PRIVATE_KEY", AppKeys.pkcs8(AppKeys.PAIR))
          .start();
      world.awaitEnd();

      assertThat(world.calls()).containsExactly("POST /app/installations/11/access_tokens");
    }
  }

  @Test
  void an_app_that_was_uninstalled_holds_up_the_statuses_of_its_repositories_alone() {
    try (SlipwayServer world = world().set("DEPLOY_CMD", "true")) {
      mints(world, 11);
      answers(
          world,
          "/app/installations/12/access_tokens",
          json(
              404,
              "{\"message\":\"Not Found\",\"documentation_url\":\"https://docs.github.com\"}"));
      answers(
          world,
          "/repos/octo-org/gone/installation",
          json(
              404,
              "{\"message\":\"Not Found\",\"documentation_url\":\"https://docs.github.com\"}"));
      world.start();

      world.deliver(
          event(12)
              .replace("octo-org/hello-world", "octo-org/gone")
              .replace("\"id\":42", "\"id\":41"));
      URI readiness = world.at("/health/readiness");
      Await.until(
          () -> world.get(readiness).body(),
          () -> world.get(readiness).body().contains("GitHub refuses statuses of 1 repository"));
      world.deliver(event(11));

      assertThat(world.awaitEnd())
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.get(readiness).body()).contains("GitHub refuses statuses of 1 repository");
      assertThat(world.calls())
          .contains("GET /repos/octo-org/gone/installation")
          .doesNotContain("POST /repos/octo-org/gone/deployments/41/statuses");
    }
  }
}
