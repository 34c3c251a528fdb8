package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.CallbackKeys;
import dev.slipway.secret.Secret;
import dev.slipway.secret.SignedLogLinks;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint for providers that say by themselves how a deploy ended. */
class CallbackIT {
  private static final Secret SECRET = new Secret("the-log-link-secret");
  private static final Secret FORMER = new Secret("the-secret-before-it");
  private static final String ATTEMPT = "1-1-any-1";

  @TempDir Path folder;
  private SlipwayServer world;

  @BeforeEach
  void deployOnce() {
    world =
        new SlipwayServer(folder)
            .set("SLIPWAY_LOG_LINK_SECRET", SECRET.reveal())
            .set("SLIPWAY_LOG_LINK_SECRET_PREVIOUS", FORMER.reveal())
            .set("DEPLOY_CMD", "true")
            .start();
    world.deliver(SlipwayServer.event());
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private HttpResponse<String> post(String attempt, String key, String body) {
    return world.send(
        HttpRequest.newBuilder(world.at("/callbacks/" + attempt + "/" + key))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static String key(String attempt) {
    return new CallbackKeys(SECRET).of(attempt);
  }

  private static String problem(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    return answer.body();
  }

  @Test
  void the_first_callback_is_accepted_and_the_next_one_ignored() {
    assertThat(post(ATTEMPT, key(ATTEMPT), "{}").statusCode()).isEqualTo(202);
    assertThat(post(ATTEMPT, key(ATTEMPT), "{}").statusCode()).isEqualTo(200);
    assertThat(post("1-2-any-1", new CallbackKeys(FORMER).of("1-2-any-1"), "{}").statusCode())
        .isEqualTo(202);
  }

  @Test
  void a_wrong_key_is_refused_and_counted() {
    String ofPage =
        new SignedLogLinks(SECRET).path(1, 0, Instant.parse("2100-01-01T00:00:00Z")).orElseThrow();

    for (String wrong :
        new String[] {"x", key("1-2-any-1"), ofPage.substring(ofPage.lastIndexOf('/') + 1)}) {
      HttpResponse<String> answer = post(ATTEMPT, wrong, "{}");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(problem(answer)).contains("\"status\":404");
    }
    assertThat(post("none", key("none"), "{}").statusCode()).isEqualTo(404);
    assertThat(world.get(world.at("/prometheus")).body())
        .contains("slipway_refused_total{cause=\"key_wrong\",endpoint=\"callback\"} 4.0\n");
  }

  @Test
  void a_body_has_between_one_byte_and_64_kib() {
    assertThat(problem(post(ATTEMPT, key(ATTEMPT), ""))).contains("\"status\":400");
    assertThat(problem(post(ATTEMPT, key(ATTEMPT), "x".repeat(64 * 1024 + 1))))
        .contains("\"status\":413");
    assertThat(post(ATTEMPT, key(ATTEMPT), "x".repeat(64 * 1024)).statusCode()).isEqualTo(202);
  }

  @Test
  void the_callback_of_a_deployment_that_was_removed_is_gone() {
    assertThat(problem(post("9-1-any-1", key("9-1-any-1"), "{}"))).contains("\"status\":410");
  }

  @Test
  void callbacks_come_through_while_there_are_no_log_links() {
    world.stop();
    world.set("SLIPWAY_LOG_LINKS", "off").start();

    assertThat(post(ATTEMPT, key(ATTEMPT), "{}").statusCode()).isEqualTo(202);
  }
}
