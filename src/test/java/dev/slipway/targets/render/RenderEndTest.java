package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import java.net.URI;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How deploys end, and what is said about it. */
class RenderEndTest extends RenderFixture {
  private static final String EVENTS = SERVICE_PATH + "/events";

  @ParameterizedTest
  @ValueSource(strings = {"static_site", "web_service"})
  void live_is_success_at_the_address_of_the_service(String type) throws Exception {
    onGet(SERVICE_PATH, 200, service(type, url("https://web.example.com")));

    assertThat(endOf("live", SHA))
        .isEqualTo(
            new End.Succeeded(
                URI.create("https://web.example.com"),
                "Live on Render: dep-one of commit f95f852"));
    assertThat(requests()).containsExactly("GET " + DEPLOYS + "/dep-one", "GET " + SERVICE_PATH);
    assertThat(log.lines).containsExactly("Render: live");
  }

  @Test
  void a_deploy_that_was_live_and_is_replaced_has_succeeded() throws Exception {
    assertThat(endOf("deactivated", SHA))
        .isInstanceOfSatisfying(
            End.Succeeded.class, end -> assertThat(end.reason()).contains("replaced"));
  }

  @ParameterizedTest
  @CsvSource({
    "private_service, https://web.example.com",
    "background_worker, https://web.example.com",
    "web_service, javascript:alert(1)",
    "web_service, ftp://web.example.com",
    "web_service, https://user@web.example.com",
    "web_service, https:///nowhere",
    "web_service, not a url"
  })
  void an_address_that_cannot_be_visited_is_left_out(String type, String address) throws Exception {
    onGet(SERVICE_PATH, 200, service(type, url(address)));

    assertThat(((End.Succeeded) endOf("live", SHA)).environmentUrl()).isNull();
  }

  @Test
  void a_service_that_cannot_be_read_takes_nothing_from_the_success() throws Exception {
    onGet(SERVICE_PATH, 500, "");

    assertThat(((End.Succeeded) endOf("live", SHA)).environmentUrl()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "deactivated"})
  void another_commit_than_the_one_asked_for_is_a_failure(String status) throws Exception {
    assertThat(endOf(status, OTHER_SHA))
        .isInstanceOfSatisfying(
            End.Failed.class,
            end -> assertThat(end.reason()).contains("0123456", "f95f852", "dep-one"));
  }

  @Test
  void a_deploy_without_a_commit_is_not_compared() throws Exception {
    assertThat(endOf("live", null))
        .isEqualTo(new End.Succeeded(null, "Live on Render: dep-one; commit not compared"));
  }

  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String OTHER_DIGEST = "sha256:" + "cd".repeat(32);

  private End endOfImage(String wanted, String image) throws Exception {
    onGet(
        DEPLOYS + "/dep-one",
        200,
        "{\"id\":\"dep-one\",\"status\":\"live\"%s}"
            .formatted(image.isEmpty() ? "" : ",\"image\":" + image));
    return ((PollResult.Over) api(base(), SERVICE, wanted).poll(attempt(), "dep-one", log)).end();
  }

  static Stream<Arguments> images() {
    return Stream.of(
        Arguments.of("acme/web:{sha}", ref("docker.io/acme/web:" + SHA), true, ""),
        Arguments.of("acme/web:{sha}", ref("docker.io/acme/web:" + OTHER_SHA), false, ""),
        Arguments.of(
            "acme/web:{sha}",
            ref("acme/web@" + DIGEST),
            true,
            "; image not compared; commit not compared"),
        Arguments.of("acme/web:{sha}", ref("acme/web:" + SHA + "@" + DIGEST), true, ""),
        Arguments.of("acme/web:{sha}", "", true, "; image not compared; commit not compared"),
        Arguments.of("acme/web:1.2", ref("acme/web:1.2"), true, "; commit not compared"),
        Arguments.of(
            "acme/web", ref("registry:5000/acme/web:latest"), true, "; commit not compared"),
        Arguments.of("registry:5000/acme/web", ref("acme/web:1.2"), false, ""),
        Arguments.of(
            "acme/web@" + DIGEST, ref("acme/web@" + DIGEST), true, "; commit not compared"),
        Arguments.of("acme/web@" + DIGEST, ref("acme/web@" + OTHER_DIGEST), false, ""),
        Arguments.of(
            "acme/web@" + DIGEST,
            "{\"ref\":\"acme/web:1\",\"sha\":\"%s\"}".formatted(DIGEST),
            true,
            "; commit not compared"),
        Arguments.of("acme/web@" + DIGEST, "{\"sha\":\"%s\"}".formatted(OTHER_DIGEST), false, ""),
        Arguments.of(
            "acme/web@" + DIGEST,
            ref("acme/web:1"),
            true,
            "; image not compared; commit not compared"));
  }

  private static String ref(String image) {
    return "{\"ref\":\"" + image + "\"}";
  }

  @ParameterizedTest
  @MethodSource("images")
  void the_image_that_is_live_is_compared_with_the_one_asked_for(
      String wanted, String image, boolean same, String doubt) throws Exception {
    End end = endOfImage(wanted, image);

    if (same) {
      assertThat(end).isInstanceOf(End.Succeeded.class);
      assertThat(end.reason()).startsWith("Live on Render: dep-one").doesNotContain("null");
      assertThat(end.reason().replaceFirst("^[^;]*", "")).isEqualTo(doubt);
    } else {
      assertThat(end).isInstanceOf(End.Failed.class);
      assertThat(end.reason())
          .contains("instead of " + wanted.replace("{sha}", SHA), "dep-one")
          .doesNotContain("null");
    }
  }

  @Test
  void a_commit_is_compared_without_regard_to_case_or_shortening() throws Exception {
    onGet(DEPLOYS + "/dep-one", 200, deploy("dep-one", "live", SHA));

    for (String sha : new String[] {"F95F852BD8FCA8FCC58A9A2D6C842781E32A215E", "f95f852"}) {
      assertThat(((PollResult.Over) api().poll(attempt(sha), "dep-one", log)).end())
          .isInstanceOf(End.Succeeded.class);
    }
    assertThat(((PollResult.Over) api().poll(attempt("f95"), "dep-one", log)).end())
        .isInstanceOf(End.Failed.class);
  }

  @Test
  void without_a_commit_asked_for_any_is_right() throws Exception {
    onGet(DEPLOYS + "/dep-one", 200, deploy("dep-one", "live", OTHER_SHA));

    assertThat(((PollResult.Over) api().poll(attempt(null), "dep-one", log)).end())
        .isInstanceOf(End.Succeeded.class);
  }

  @ParameterizedTest
  @CsvSource({
    "build_failed, The build failed at Render",
    "pre_deploy_failed, The pre-deploy command failed at Render",
    "update_failed, The new version did not come up at Render"
  })
  void a_failure_names_its_phase_even_when_the_reason_cannot_be_read(String status, String phase)
      throws Exception {
    onGet(EVENTS, 500, "");

    assertThat(endOf(status, SHA))
        .isEqualTo(new End.Failed(phase + " (dep-one). The previous version keeps running"));
    assertThat(requests())
        .containsExactly(
            "GET " + DEPLOYS + "/dep-one",
            "GET " + EVENTS + "?limit=100&startTime=2026-11-20T10:00:55Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"nonZeroExit\":137} | exited with status 137",
        "{\"oomKilled\":{\"memoryLimit\":\"512Mi\"}} | ran out of memory (limit 512Mi)",
        "{\"oomKilled\":{}} | ran out of memory",
        "{\"timedOutSeconds\":900} | timed out after 900 s",
        "{\"timedOutSeconds\":900,\"timedOutReason\":\"no port\"} | timed out after 900 s (no port)",
        "{\"unhealthy\":\"HTTP 500 at /health\"} | unhealthy: HTTP 500 at /health",
        "{\"earlyExit\":true,\"evicted\":false} | exited early",
        "{\"evicted\":true} | was evicted"
      })
  void the_reason_comes_from_the_event_of_the_deploy(String failure, String words)
      throws Exception {
    onGet(
        EVENTS,
        200,
        events(
            ended("dep-other", "{\"failure\":{\"nonZeroExit\":1}}"),
            ended("dep-one", "{\"failure\":" + failure + "}")));

    assertThat(endOf("update_failed", SHA).reason())
        .isEqualTo(
            "The new version did not come up at Render: "
                + words
                + " (dep-one). The previous version keeps running");
  }

  @Test
  void the_reason_of_a_build_comes_from_the_event_of_the_build() throws Exception {
    onGet(
        EVENTS,
        200,
        events(
            build("bld-other", "{\"nonZeroExit\":3}"),
            build("bld-one", "{\"nonZeroExit\":2}"),
            ended("dep-one", "{\"buildFailed\":{\"id\":\"bld-one\"}}")));

    assertThat(endOf("build_failed", SHA).reason()).contains("exited with status 2");
  }

  @Test
  void the_reason_of_a_command_comes_from_its_event() throws Exception {
    onGet(
        EVENTS,
        200,
        events(
            "{\"type\":\"pre_deploy_ended\",\"details\":{\"deployId\":\"dep-one\","
                + "\"reason\":{\"failure\":{\"nonZeroExit\":4}}}}"));

    assertThat(endOf("pre_deploy_failed", SHA).reason()).contains("exited with status 4");
  }

  @Test
  void an_image_that_was_not_pulled_is_the_reason() throws Exception {
    onGet(
        EVENTS,
        200,
        events(
            "{\"type\":\"image_pull_failed\",\"details\":{\"message\":\"not\\nfound "
                + API_KEY
                + "\"}}"));

    assertThat(endOf("update_failed", SHA).reason())
        .contains("the image was not pulled: not found ***");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "[null,7,{\"event\":[]}]", "<html>"})
  void events_of_any_shape_are_survived(String body) throws Exception {
    onGet(EVENTS, 200, body);

    assertThat(endOf("build_failed", SHA))
        .isEqualTo(
            new End.Failed(
                "The build failed at Render (dep-one). The previous version keeps running"));
  }

  @Test
  void a_deploy_cancelled_for_a_newer_one_is_superseded_by_it() throws Exception {
    onGet(EVENTS, 200, events(ended("dep-one", "{\"newDeploy\":{\"id\":\"dep-two\"}}")));

    assertThat(endOf("canceled", SHA))
        .isEqualTo(new End.Superseded("Render cancelled dep-one for the newer deploy dep-two"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | []",
        "200 | [{\"event\":{\"type\":\"deploy_ended\",\"details\":{\"deployId\":\"dep-other\",\"reason\":{\"newDeploy\":{\"id\":\"dep-two\"}}}}}]",
        "500 | ''"
      })
  void a_deploy_cancelled_by_somebody_is_cancelled_and_no_failure(int status, String body)
      throws Exception {
    onGet(EVENTS, status, body);

    assertThat(endOf("canceled", SHA))
        .isEqualTo(new End.Cancelled("Cancelled at Render, not by Slipway (dep-one)"));
  }

  private End endOf(String status, @Nullable String commit) throws InterruptedException {
    onGet(DEPLOYS + "/dep-one", 200, deploy("dep-one", status, commit));
    return ((PollResult.Over) api().poll(attempt(), "dep-one", log)).end();
  }

  private static String url(String address) {
    return ",\"serviceDetails\":{\"url\":\"" + address + "\"}";
  }

  private static String ended(String deployId, String reason) {
    return "{\"type\":\"deploy_ended\",\"details\":{\"deployId\":\"%s\",\"reason\":%s}}"
        .formatted(deployId, reason);
  }

  private static String build(String buildId, String failure) {
    return ("{\"type\":\"build_ended\",\"details\":{\"buildId\":\"%s\","
            + "\"reason\":{\"failure\":%s}}}")
        .formatted(buildId, failure);
  }
}
