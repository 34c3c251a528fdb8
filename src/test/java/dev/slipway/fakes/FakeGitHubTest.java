package dev.slipway.fakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import dev.slipway.time.SettableTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FakeGitHubTest {
  private static final Secret WEBHOOK_SECRET = new Secret("It's a Secret to Everybody");
  private static final String SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";

  private final BlockingQueue<FakeEvent> happenings = new LinkedBlockingQueue<>();
  private final BlockingQueue<FakeRequest> deliveries = new LinkedBlockingQueue<>();
  private final LoopbackServer receiver =
      new LoopbackServer(
          request -> {
            deliveries.add(request);
            return FakeResponse.json(
                202,
                JsonBodies.object().put("decision", "accepted").put("reason", "route takes it"));
          });
  private final FakeGitHub github =
      new FakeGitHub(new Secret("ghp_good"), WEBHOOK_SECRET, new SettableTime(), happenings::add);
  private final LoopbackClient caller = new LoopbackClient();

  @AfterEach
  void close() {
    caller.close();
    github.close();
    receiver.close();
  }

  private LoopbackClient.Response post(String path, String token, String body)
      throws InterruptedException {
    return caller.post(
        URI.create(github.address() + path),
        Map.of("Authorization", "Bearer " + token),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private LoopbackClient.Response get(String path) throws InterruptedException {
    return caller.get(
        URI.create(github.address() + path), Map.of("Authorization", "Bearer ghp_good"));
  }

  private JsonNode created(String body) throws InterruptedException {
    github.push("main", SHA);
    LoopbackClient.Response page =
        post("/repos/octo-org/hello-world/deployments", "ghp_good", body);
    assertThat(page.status()).isEqualTo(201);
    return JsonBodies.read(page.body());
  }

  private String statuses(JsonNode deployment) {
    return "/repos/octo-org/hello-world/deployments/"
        + deployment.path("id").asLong()
        + "/statuses";
  }

  private <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
    return assertThat(queue.poll(50, TimeUnit.SECONDS)).isNotNull().actual();
  }

  @Test
  void a_deployment_gets_an_id_and_the_commit_of_its_ref() throws Exception {
    JsonNode deployment = created("{\"ref\":\"main\",\"payload\":{\"a\":1}}");

    assertThat(deployment.path("id").asLong()).isGreaterThan(Integer.MAX_VALUE);
    assertThat(deployment.path("sha").asString()).isEqualTo(SHA);
    assertThat(deployment.path("ref").asString()).isEqualTo("main");
    assertThat(deployment.path("environment").asString()).isEqualTo("production");
    assertThat(deployment.path("production_environment").asBoolean()).isTrue();
    assertThat(deployment.path("payload").toString()).isEqualTo("{\"a\":1}");
    assertThat(deployment.path("creator").path("type").asString()).isEqualTo("User");
  }

  @Test
  void a_ref_that_is_not_there_is_refused() throws Exception {
    LoopbackClient.Response page =
        post("/repos/octo-org/hello-world/deployments", "ghp_good", "{\"ref\":\"nope\"}");

    assertThat(page.status()).isEqualTo(422);
    assertThat(page.body()).contains("No ref found for: nope");
    assertThat(happenings).isEmpty();
  }

  @Test
  void a_wrong_token_creates_nothing() throws Exception {
    github.push("main", SHA);
    LoopbackClient.Response page =
        post("/repos/octo-org/hello-world/deployments", "ghp_bad", "{\"ref\":\"main\"}");

    assertThat(page.status()).isEqualTo(401);
    assertThat(get("/repos/octo-org/hello-world/deployments").body()).isEqualTo("[]");
  }

  @Test
  void the_event_is_signed_over_the_bytes_that_are_sent() throws Exception {
    github.deliverTo(receiver.address().resolve("/webhooks/github"));
    JsonNode deployment = created("{\"ref\":\"main\",\"description\":\"déjà vu 🚀\"}");
    FakeRequest delivery = taken(deliveries);

    assertThat(delivery.uri().getPath()).isEqualTo("/webhooks/github");
    assertThat(delivery.header("X-Hub-Signature-256"))
        .isEqualTo(
            "sha256="
                + HexFormat.of()
                    .formatHex(
                        Hmac.of(WEBHOOK_SECRET, delivery.text().getBytes(StandardCharsets.UTF_8))));
    assertThat(delivery.header("X-GitHub-Event")).isEqualTo("deployment");
    assertThat(delivery.header("X-GitHub-Delivery")).matches("[0-9a-f-]{36}");
    assertThat(delivery.header("User-Agent")).startsWith("GitHub-Hookshot/");
    JsonNode body = delivery.json();
    assertThat(body.path("action").asString()).isEqualTo("created");
    assertThat(body.path("deployment")).isEqualTo(deployment);
    assertThat(body.path("deployment").path("description").asString()).isEqualTo("déjà vu 🚀");
    assertThat(body.path("repository").path("full_name").asString())
        .isEqualTo("octo-org/hello-world");
    assertThat(body.path("workflow_run").isNull()).isTrue();
  }

  @Test
  void the_ids_of_its_deployments_can_be_chosen() throws Exception {
    github.numberDeployments(() -> 7);

    assertThat(created("{\"ref\":\"main\",\"description\":\"again\"}").path("id").asLong())
        .isEqualTo(7);
    assertThat(taken(happenings))
        .isEqualTo(new FakeEvent.DeploymentCreated(7, "production", SHA, "again"));
  }

  @Test
  void the_answer_to_a_delivery_is_told() throws Exception {
    github.deliverTo(receiver.address());
    long id = created("{\"ref\":\"main\"}").path("id").asLong();

    assertThat(taken(happenings))
        .isEqualTo(new FakeEvent.DeploymentCreated(id, "production", SHA, ""));
    assertThat(taken(happenings))
        .isInstanceOfSatisfying(
            FakeEvent.DeliverySent.class, sent -> assertThat(sent.redelivery()).isFalse());
    assertThat(taken(happenings))
        .isInstanceOfSatisfying(
            FakeEvent.DeliveryAnswered.class,
            answered -> {
              assertThat(answered.status()).isEqualTo(202);
              assertThat(answered.decision()).isEqualTo("accepted");
              assertThat(answered.reason()).isEqualTo("route takes it");
            });
  }

  @Test
  void a_receiver_that_is_not_there_is_told_as_no_answer() throws Exception {
    URI gone = receiver.address();
    receiver.close();
    github.deliverTo(gone);
    created("{\"ref\":\"main\"}");
    taken(happenings);
    taken(happenings);

    assertThat(taken(happenings))
        .isInstanceOfSatisfying(
            FakeEvent.DeliveryAnswered.class,
            answered -> {
              assertThat(answered.status()).isZero();
              assertThat(answered.reason()).startsWith("no answer");
            });
  }

  @Test
  void a_redelivery_has_the_same_guid_and_body() throws Exception {
    github.deliverTo(receiver.address());
    long id = created("{\"ref\":\"main\"}").path("id").asLong();
    FakeRequest first = taken(deliveries);
    github.redeliver(id);
    FakeRequest second = taken(deliveries);

    assertThat(second.header("X-GitHub-Delivery")).isEqualTo(first.header("X-GitHub-Delivery"));
    assertThat(second.text()).isEqualTo(first.text());
  }

  @Test
  void what_was_never_created_cannot_be_redelivered() {
    assertThatThrownBy(() -> github.redeliver(1)).hasMessageContaining("no deployment 1");
  }

  @Test
  void a_status_is_kept_and_shown_newest_first() throws Exception {
    JsonNode deployment = created("{\"ref\":\"main\"}");
    post(statuses(deployment), "ghp_good", "{\"state\":\"in_progress\"}");
    LoopbackClient.Response page =
        post(
            statuses(deployment),
            "ghp_good",
            "{\"state\":\"success\",\"description\":\"Live\",\"log_url\":\"http://localhost/l\"}");

    assertThat(page.status()).isEqualTo(201);
    assertThat(JsonBodies.read(page.body()).path("target_url").asString())
        .isEqualTo("http://localhost/l");
    assertThat(github.statusesOf(deployment.path("id").asLong()))
        .extracting(FakeEvent.StatusCreated::state)
        .containsExactly("in_progress", "success");
    JsonNode list = JsonBodies.read(get(statuses(deployment)).body());
    assertThat(list.findValuesAsString("state")).containsExactly("success", "in_progress");
  }

  @Test
  void the_lists_come_in_pages() throws Exception {
    JsonNode deployment = created("{\"ref\":\"main\"}");
    post(statuses(deployment), "ghp_good", "{\"state\":\"queued\"}");
    post(statuses(deployment), "ghp_good", "{\"state\":\"in_progress\"}");

    String path = statuses(deployment) + "?per_page=1";
    assertThat(JsonBodies.read(get(path).body()).findValuesAsString("state"))
        .containsExactly("in_progress");
    assertThat(JsonBodies.read(get(path + "&page=2").body()).findValuesAsString("state"))
        .containsExactly("queued");
  }

  @Test
  void deployments_are_listed_by_environment() throws Exception {
    created("{\"ref\":\"main\",\"environment\":\"staging\"}");
    long production = created("{\"ref\":\"main\"}").path("id").asLong();

    JsonNode list =
        JsonBodies.read(
            get("/repos/octo-org/hello-world/deployments?environment=production").body());
    assertThat(list).hasSize(1);
    assertThat(list.get(0).path("id").asLong()).isEqualTo(production);
  }

  @Test
  void a_description_may_have_140_characters_and_no_more() throws Exception {
    JsonNode deployment = created("{\"ref\":\"main\"}");
    String fits = "{\"state\":\"success\",\"description\":\"" + "🚀".repeat(140) + "\"}";
    String tooLong = "{\"state\":\"success\",\"description\":\"" + "x".repeat(141) + "\"}";

    assertThat(post(statuses(deployment), "ghp_good", fits).status()).isEqualTo(201);
    LoopbackClient.Response refused = post(statuses(deployment), "ghp_good", tooLong);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.body()).contains("description is too long (maximum is 140 characters)");
    assertThat(github.statusesOf(deployment.path("id").asLong())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"state\":\"done\"}",
        "{}",
        "nonsense",
        "{\"state\":\"success\",\"log_url\":\"javascript:alert(1)\"}",
        "{\"state\":\"success\",\"environment_url\":\"ftp://x\"}"
      })
  void a_status_that_github_would_not_take_is_refused(String body) throws Exception {
    JsonNode deployment = created("{\"ref\":\"main\"}");

    assertThat(post(statuses(deployment), "ghp_good", body).status()).isEqualTo(422);
    assertThat(github.statusesOf(deployment.path("id").asLong())).isEmpty();
  }

  @Test
  void a_status_with_a_wrong_token_is_not_kept() throws Exception {
    JsonNode deployment = created("{\"ref\":\"main\"}");

    assertThat(post(statuses(deployment), "ghp_bad", "{\"state\":\"success\"}").status())
        .isEqualTo(401);
    assertThat(github.statusesOf(deployment.path("id").asLong())).isEmpty();
  }

  @Test
  void a_branch_stands_for_its_commit() throws Exception {
    github.push("main", SHA);

    assertThat(get("/repos/octo-org/hello-world/commits/main").body()).contains(SHA);
    assertThat(get("/repos/octo-org/hello-world/commits/nope").status()).isEqualTo(422);
    assertThat(get("/repos/octo-org/other").status()).isEqualTo(404);
  }

  @Test
  void a_deployment_of_another_repository_has_the_id_that_was_chosen() throws Exception {
    github.add(new FakeRepository("octo-org/other", 7));
    github.create(42, "octo-org/other", "staging", SHA);

    assertThat(get("/repos/octo-org/other/deployments").body()).contains("\"id\":42,");
    assertThat(get("/repos/octo-org/hello-world/deployments").body()).isEqualTo("[]");
    assertThat(get("/repos/octo-org/hello-world/deployments/42").status()).isEqualTo(404);
    FakeEvent.DeliveryAnswered answer =
        github.deliver(receiver.address(), 42, "guid-1", Duration.ofSeconds(50));
    assertThat(answer.status()).isEqualTo(202);
    FakeRequest delivery = taken(deliveries);
    assertThat(delivery.header("X-GitHub-Delivery")).isEqualTo("guid-1");
    assertThat(delivery.json().path("repository").path("id").asLong()).isEqualTo(7);
  }
}
