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

class FakeRenderTest {
  private static final String SERVICE = "srv-d4k2lq6uk2gs73f1m0tg";
  private static final String SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";

  private final SettableTime clock = new SettableTime();
  private final List<FakeEvent> happenings = new CopyOnWriteArrayList<>();
  private final FakeRender render =
      new FakeRender(
          new FakeRender.Account(SERVICE, new Secret("hookkey"), new Secret("rnd_key")),
          clock,
          happenings::add);
  private final LoopbackClient caller = new LoopbackClient();

  @AfterEach
  void close() {
    caller.close();
    render.close();
  }

  private LoopbackClient.Response hook(String more) throws InterruptedException {
    return caller.post(URI.create(render.hook().reveal() + more), Map.of(), new byte[0]);
  }

  private LoopbackClient.Response get(String path) throws InterruptedException {
    return caller.get(
        URI.create(render.address() + "/v1/services/" + SERVICE + path),
        Map.of("Authorization", "Bearer rnd_key"));
  }

  private LoopbackClient.Response post(String path, String body) throws InterruptedException {
    return caller.post(
        URI.create(render.address() + "/v1/services/" + SERVICE + path),
        Map.of("Authorization", "Bearer rnd_key"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private String started() throws InterruptedException {
    return JsonBodies.read(hook("&ref=" + SHA).body()).path("deploy").path("id").asString();
  }

  private String status(String id) throws InterruptedException {
    return JsonBodies.read(get("/deploys/" + id).body()).path("status").asString();
  }

  @Test
  void a_deploy_goes_live_after_a_while() throws Exception {
    render.script(_ -> FakeRender.succeeding(Duration.ofSeconds(10)));
    String id = started();

    assertThat(id).matches("dep-[a-z0-9]{20}");
    assertThat(status(id)).isEqualTo("build_in_progress");
    clock.pass(Duration.ofSeconds(7));
    assertThat(status(id)).isEqualTo("update_in_progress");
    clock.pass(Duration.ofSeconds(3));
    assertThat(status(id)).isEqualTo("live");
    assertThat(render.state()).isEqualTo("live");
    JsonNode deploy = JsonBodies.read(get("/deploys/" + id).body());
    assertThat(deploy.path("commit").path("id").asString()).isEqualTo(SHA);
    assertThat(deploy.path("trigger").asString()).isEqualTo("deploy_hook");
    assertThat(deploy.path("finishedAt").asString()).isEqualTo("2026-11-21T10:00:10Z");
  }

  @Test
  void a_log_is_read_page_by_page_in_both_directions() throws Exception {
    render.script(_ -> FakeRender.failingBuild(Duration.ofSeconds(3)));
    String _ = started();
    clock.pass(Duration.ofSeconds(4));
    String of = "/v1/logs?ownerId=tea-cph1rs3idesc73a2b2mg&resource=" + SERVICE + "&type=build";

    JsonNode first = log(of + "&direction=forward&limit=2&startTime=2026-11-21T10:00:00Z");
    JsonNode rest =
        log(of + "&direction=forward&startTime=" + first.path("nextStartTime").asString());
    JsonNode last = log(of + "&limit=1");

    assertThat(first.path("hasMore").asBoolean()).isTrue();
    assertThat(first.findValuesAsString("message"))
        .containsExactly(
            "==> Checking out commit " + SHA, "==> Running build command 'npm ci && npm test'...");
    assertThat(rest.path("hasMore").asBoolean()).isFalse();
    assertThat(rest.findValuesAsString("message")).hasSize(4).last().isEqualTo("==> Build failed");
    assertThat(last.findValuesAsString("message")).containsExactly("==> Build failed");
    assertThat(log("/v1/logs?ownerId=tea-other&resource=" + SERVICE).path("message").asString())
        .isEqualTo("Not Found");
  }

  private JsonNode log(String path) throws InterruptedException {
    return JsonBodies.read(
        caller
            .get(URI.create(render.address() + path), Map.of("Authorization", "Bearer rnd_key"))
            .body());
  }

  @Test
  void a_failing_build_says_why_in_the_events() throws Exception {
    render.script(_ -> FakeRender.failingBuild(Duration.ofSeconds(3)));
    String id = started();
    assertThat(status(id)).isEqualTo("build_in_progress");
    clock.pass(Duration.ofSeconds(3));

    assertThat(status(id)).isEqualTo("build_failed");
    JsonNode events = JsonBodies.read(get("/events").body());
    assertThat(events.findValuesAsString("type"))
        .containsExactly("deploy_ended", "build_ended", "deploy_started");
    JsonNode ended = events.get(0).path("event").path("details");
    assertThat(ended.path("deployId").asString()).isEqualTo(id);
    assertThat(ended.path("deployStatus").asString()).isEqualTo("failed");
    JsonNode built = events.get(1).path("event").path("details");
    assertThat(built.path("buildId").asString())
        .isEqualTo(ended.path("reason").path("buildFailed").path("id").asString());
    assertThat(built.path("reason").path("failure").path("nonZeroExit").asInt()).isEqualTo(1);
  }

  @Test
  void a_refusing_render_starts_nothing() throws Exception {
    render.acceptKeys(false);

    assertThat(hook("&ref=" + SHA).status()).isEqualTo(401);
    assertThat(post("/deploys", "{}").status()).isEqualTo(401);
    assertThat(get("").status()).isEqualTo(401);
    assertThat(render.ids()).isEmpty();
    assertThat(happenings)
        .filteredOn(FakeEvent.ResponseSent.class::isInstance)
        .allSatisfy(said -> assertThat(((FakeEvent.ResponseSent) said).good()).isFalse())
        .hasSize(3);
  }

  @Test
  void a_wrong_key_starts_nothing() throws Exception {
    String url = render.address() + "/deploy/" + SERVICE + "?key=guessed&ref=" + SHA;

    assertThat(caller.post(URI.create(url), Map.of(), new byte[0]).status()).isEqualTo(401);
    assertThat(render.ids()).isEmpty();
  }

  @Test
  void the_api_starts_a_deploy_of_a_commit() throws Exception {
    LoopbackClient.Response page = post("/deploys", "{\"commitId\":\"" + SHA + "\"}");

    assertThat(page.status()).isEqualTo(201);
    assertThat(JsonBodies.read(page.body()).path("trigger").asString()).isEqualTo("api");
    assertThat(render.commits()).containsExactly(SHA);
  }

  @Test
  void a_newer_deploy_cancels_one_that_still_runs() throws Exception {
    String older = started();
    String newer = started();

    assertThat(status(older)).isEqualTo("canceled");
    assertThat(status(newer)).isEqualTo("build_in_progress");
    JsonNode ended = JsonBodies.read(get("/events").body()).findValue("reason");
    assertThat(ended.path("newDeploy").path("id").asString()).isEqualTo(newer);
  }

  @Test
  void a_newer_live_deploy_takes_the_place_of_the_older() throws Exception {
    String older = started();
    clock.pass(Duration.ofSeconds(3));
    started();
    assertThat(status(older)).isEqualTo("live");
    clock.pass(Duration.ofSeconds(3));

    assertThat(status(older)).isEqualTo("deactivated");
  }

  @Test
  void a_deploy_can_be_cancelled_until_it_is_over() throws Exception {
    String id = started();
    assertThat(post("/deploys/" + id + "/cancel", "").body()).contains("\"canceled\"");
    assertThat(status(id)).isEqualTo("canceled");

    String next = started();
    clock.pass(Duration.ofSeconds(3));
    assertThat(post("/deploys/" + next + "/cancel", "").body()).contains("\"live\"");
    assertThat(happenings)
        .filteredOn(FakeEvent.CancelReceived.class::isInstance)
        .containsExactly(
            new FakeEvent.CancelReceived(id, SHA, true, clock.instant().minusSeconds(3)),
            new FakeEvent.CancelReceived(next, SHA, false, clock.instant()));
  }

  @Test
  void deploys_are_listed_newest_first_since_an_instant() throws Exception {
    started();
    clock.pass(Duration.ofSeconds(60));
    String second = started();
    clock.pass(Duration.ofSeconds(60));
    String third = started();

    JsonNode rows = JsonBodies.read(get("/deploys?createdAfter=2026-11-21T10%3A00%3A30Z").body());
    assertThat(rows.findValuesAsString("cursor")).containsExactly(third, second);
    assertThat(rows.get(0).path("deploy").path("id").asString()).isEqualTo(third);
  }

  @Test
  void the_service_says_where_it_can_be_seen() throws Exception {
    JsonNode service = JsonBodies.read(get("").body());

    assertThat(service.path("type").asString()).isEqualTo("web_service");
    assertThat(service.path("serviceDetails").path("url").asString())
        .isEqualTo("https://hello-world.onrender.com");
    assertThat(get("/deploys/dep-nope").status()).isEqualTo(404);
  }

  @Test
  void deploys_that_take_no_others_place_go_side_by_side() throws Exception {
    render.script(
        new FakeRender.Script() {
          @Override
          public StateSchedule schedule(String commit) {
            return commit.equals(SHA)
                ? StateSchedule.endless("build_in_progress")
                : FakeRender.succeeding(Duration.ZERO);
          }

          @Override
          public boolean replacesOlder() {
            return false;
          }
        });
    String endless = started();
    post("/deploys", "{\"commitId\":\"" + "0".repeat(40) + "\"}");
    clock.pass(Duration.ofDays(1));

    assertThat(status(endless)).isEqualTo("build_in_progress");
    assertThat(status(render.ids().getLast())).isEqualTo("live");
  }

  @Test
  void the_deploys_are_listed_in_pages_newest_first() throws Exception {
    String first = started();
    String second = started();
    String third = started();

    JsonNode page = JsonBodies.read(get("/deploys?limit=2").body());
    assertThat(page.findValuesAsString("cursor")).containsExactly(third, second);
    page = JsonBodies.read(get("/deploys?limit=2&cursor=" + second).body());
    assertThat(page.findValuesAsString("cursor")).containsExactly(first);
  }
}
