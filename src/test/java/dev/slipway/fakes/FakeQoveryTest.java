package dev.slipway.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Secret;
import dev.slipway.time.SettableTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FakeQoveryTest {
  private static final String ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
  private static final String APPLICATION = "/application/" + ID;
  private static final String SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
  private static final String OTHER = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";

  private final SettableTime clock = new SettableTime();
  private final List<FakeEvent> happenings = new CopyOnWriteArrayList<>();
  private final FakeQovery qovery =
      new FakeQovery(new Secret("qov_key"), clock, happenings::add).withApplication(ID);
  private final LoopbackClient caller = new LoopbackClient();

  @AfterEach
  void close() {
    caller.close();
    qovery.close();
  }

  private JsonNode get(String path) throws InterruptedException {
    LoopbackClient.Response page =
        caller.get(URI.create(qovery.address() + path), Map.of("Authorization", "Token qov_key"));
    assertThat(page.status()).isEqualTo(200);
    return JsonBodies.read(page.body());
  }

  private LoopbackClient.Response post(FakeQovery to, String path, String body)
      throws InterruptedException {
    return caller.post(
        URI.create(to.address() + path),
        Map.of("Authorization", "Token qov_key"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private String deploy(String sha) throws InterruptedException {
    LoopbackClient.Response page =
        post(qovery, APPLICATION + "/deploy", "{\"git_commit_id\":\"" + sha + "\"}");
    assertThat(page.status()).isEqualTo(202);
    assertThat(JsonBodies.read(page.body()).path("state").asString()).isEqualTo("QUEUED");
    return JsonBodies.read(page.body()).path("deployment_request_id").asString();
  }

  private void waitFiveSecondsAndTakeTen() {
    qovery.script(
        new FakeQovery.Script() {
          @Override
          public StateSchedule schedule(String version) {
            return FakeQovery.succeeding(Duration.ofSeconds(10));
          }

          @Override
          public Duration queueing() {
            return Duration.ofSeconds(5);
          }
        });
  }

  private String request(String id) throws InterruptedException {
    return get("/environment/deploymentStatus?deploymentRequestId=" + id).path("status").asString();
  }

  private static String id(JsonNode status) {
    return status.path("deployment_request_id").asString();
  }

  @Test
  void a_request_walks_from_the_queue_to_deployed() throws Exception {
    waitFiveSecondsAndTakeTen();
    assertThat(qovery.state(ID)).isEmpty();
    String id = deploy(SHA);

    assertThat(request(id)).isEqualTo("QUEUED");
    clock.pass(Duration.ofSeconds(5));
    assertThat(request(id)).isEqualTo("BUILDING");
    clock.pass(Duration.ofSeconds(6));
    assertThat(request(id)).isEqualTo("DEPLOYING");
    assertThat(get(APPLICATION + "/status").at("/status_details/status").asString())
        .isEqualTo("ONGOING");
    clock.pass(Duration.ofSeconds(4));
    assertThat(request(id)).isEqualTo("DEPLOYED");
    JsonNode status = get(APPLICATION + "/status");
    assertThat(id(status)).isEqualTo(id);
    assertThat(status.at("/status_details/status").asString()).isEqualTo("SUCCESS");
    assertThat(qovery.state(ID)).isEqualTo("DEPLOYED");
  }

  @Test
  void the_log_of_an_execution_says_what_went_wrong() throws Exception {
    qovery.script(_ -> FakeQovery.failingBuild(Duration.ofSeconds(3)));
    String _ = deploy(SHA);
    clock.pass(Duration.ofSeconds(3));
    String execution = get(APPLICATION + "/status").path("execution_id").asString();
    String logs =
        "/environment/" + get(APPLICATION).at("/environment/id").asString() + "/logs?version=";

    JsonNode rows = get(logs + execution);

    assertThat(rows.findValuesAsString("execution_id")).containsExactly(execution, execution);
    assertThat(rows.findValuesAsString("user_log_message"))
        .containsExactly("npm test failed with exit code 1");
    assertThat(get(logs + "other")).isEmpty();
  }

  @Test
  void while_a_request_waits_the_status_is_still_of_the_deploy_before() throws Exception {
    waitFiveSecondsAndTakeTen();
    String id = deploy(SHA);

    JsonNode status = get(APPLICATION + "/status");
    assertThat(status.path("state").asString()).isEqualTo("DEPLOYED");
    assertThat(id(status)).isNotEqualTo(id);
    JsonNode queue = get("/service/" + ID + "/deploymentQueue").path("results");
    assertThat(queue).hasSize(1);
    assertThat(id(queue.get(0).path("identifier"))).isEqualTo(id);
    clock.pass(Duration.ofSeconds(5));
    assertThat(get("/service/" + ID + "/deploymentQueue").path("results")).isEmpty();
    assertThat(id(get(APPLICATION + "/status"))).isEqualTo(id);
  }

  @Test
  void the_deployed_commit_changes_when_the_deploy_is_live() throws Exception {
    deploy(SHA);
    String before = get(APPLICATION).at("/git_repository/deployed_commit_id").asString();
    clock.pass(Duration.ofSeconds(3));

    assertThat(before).isNotEqualTo(SHA).hasSize(40);
    assertThat(get(APPLICATION).at("/git_repository/deployed_commit_id").asString()).isEqualTo(SHA);
    JsonNode entry = get(APPLICATION + "/deploymentHistoryV2?pageSize=20").at("/results/0");
    assertThat(entry.at("/details/commit/git_commit_id").asString()).isEqualTo(SHA);
    assertThat(entry.at("/identifier/execution_id").asString())
        .isEqualTo(get(APPLICATION + "/status").path("execution_id").asString());
    assertThat(get(APPLICATION + "/link").at("/results/0/url").asString()).startsWith("https://");
  }

  @Test
  void requests_that_wait_are_merged_and_the_last_commit_wins() throws Exception {
    deploy(OTHER);
    String second = deploy(OTHER);
    String third = deploy(SHA);

    assertThat(third).isEqualTo(second);
    clock.pass(Duration.ofSeconds(6));
    assertThat(request(third)).isEqualTo("DEPLOYED");
    assertThat(qovery.deployed(ID)).isEqualTo(SHA);
  }

  @Test
  void a_request_can_be_cancelled_until_it_is_over() throws Exception {
    String id = deploy(SHA);

    assertThat(post(qovery, "/deploymentQueue/" + id + "/cancelDeployment", "{}").status())
        .isEqualTo(202);
    assertThat(request(id)).isEqualTo("CANCELED");
    assertThat(post(qovery, "/deploymentQueue/" + id + "/cancelDeployment", "{}").status())
        .isEqualTo(409);
    assertThat(qovery.deployed(ID)).isNotEqualTo(SHA);
    assertThat(happenings)
        .filteredOn(FakeEvent.CancelReceived.class::isInstance)
        .containsExactly(
            new FakeEvent.CancelReceived(id, SHA, true, clock.instant()),
            new FakeEvent.CancelReceived(id, SHA, false, clock.instant()));
  }

  @Test
  void a_wrong_token_starts_nothing() throws Exception {
    LoopbackClient.Response page =
        caller.post(
            URI.create(qovery.address() + APPLICATION + "/deploy"),
            Map.of("Authorization", "Token guessed"),
            ("{\"git_commit_id\":\"" + SHA + "\"}").getBytes(StandardCharsets.UTF_8));

    assertThat(page.status()).isEqualTo(401);
    assertThat(qovery.state(ID)).isEmpty();
  }

  @Test
  void a_request_without_a_commit_is_refused() throws Exception {
    assertThat(post(qovery, APPLICATION + "/deploy", "{}").status()).isEqualTo(400);
    assertThat(qovery.state(ID)).isEmpty();
  }

  @Test
  void a_build_that_fails_leaves_what_ran_before() throws Exception {
    String before = qovery.deployed(ID);
    qovery.script(_ -> FakeQovery.failingBuild(Duration.ofSeconds(3)));
    String id = deploy(SHA);
    assertThat(request(id)).isEqualTo("BUILDING");
    clock.pass(Duration.ofSeconds(3));

    assertThat(request(id)).isEqualTo("BUILD_ERROR");
    assertThat(get(APPLICATION + "/status").at("/status_details/status").asString())
        .isEqualTo("ERROR");
    assertThat(qovery.deployed(ID)).isEqualTo(before);
  }

  @Test
  void applications_deploy_side_by_side() throws Exception {
    String other = "4d90c3cc-0d44-4b50-8888-8dd25736052b";
    qovery.withApplication(other);
    deploy(SHA);
    clock.pass(Duration.ofSeconds(3));

    assertThat(qovery.deployed(ID)).isEqualTo(SHA);
    assertThat(qovery.state(other)).isEmpty();
    assertThat(post(qovery, "/application/none/deploy", "{}").status()).isEqualTo(404);
  }

  @Test
  void behind_a_deploy_that_never_ends_a_request_waits() throws Exception {
    qovery.script(_ -> StateSchedule.endless("BUILDING"));
    String endless = deploy(OTHER);
    String waiting = deploy(SHA);
    clock.pass(Duration.ofDays(1));

    assertThat(request(endless)).isEqualTo("BUILDING");
    assertThat(request(waiting)).isEqualTo("QUEUED");
  }
}
