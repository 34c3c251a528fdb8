package dev.slipway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Repository;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderMessages;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What GitHub's webhook and its deliveries tell. */
class WebhookCheckTest {
  private static final Instant FROM = Instant.parse("2026-11-19T10:00:00Z");
  private static final Http HTTP = new Http(Duration.ofSeconds(5), "Slipway/test");
  private static final WebhookCheck CHECK = check(false);

  private static WebhookCheck check(boolean needsPullRequests) {
    return new WebhookCheck(
        new Repository("github.com", 0, "octo-org/hello-world"),
        URI.create("https://deploy.example.com/webhooks/github"),
        needsPullRequests,
        new Github(
            new GithubConfig(
                URI.create("https://api.github.com"),
                new Secret("ghp_hush"),
                GithubConfig.API_VERSION),
            HTTP,
            () -> FROM),
        new ProviderMessages("GitHub", List.of("ghp_hush"), new Redactor(List.of())),
        () -> FROM);
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private static final String SECRET = "\"secret\":\"********\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true|[\"deployment\"]|\"content_type\":\"json\",\"insecure_ssl\":\"0\",|ok|is active",
        "true|[\"*\"]|\"content_type\":\"json\",\"insecure_ssl\":0,|ok|is active",
        "false|[\"deployment\"]|\"content_type\":\"json\",|failure|is switched off",
        "true|[\"push\"]|\"content_type\":\"json\",|failure|is not subscribed",
        "true|[]|\"content_type\":\"json\",|failure|is not subscribed",
        "true|[\"deployment\"]|\"content_type\":\"form\",|warning|sends forms",
        "true|[\"deployment\"]||warning|sends forms",
        "true|[\"deployment\"]|\"content_type\":\"json\",\"insecure_ssl\":\"1\",|warning|does not"
            + " check the certificate",
        "true|[\"deployment\"]|\"content_type\":\"json\",\"insecure_ssl\":1,|warning|does not check"
            + " the certificate"
      })
  void each_wrong_setting_is_a_result_of_its_own(
      String active, String events, String config, String outcome, String words) {
    JsonNode hook =
        JsonCodec.read(
            "{\"active\":%s,\"events\":%s,\"config\":{%s%s}}"
                .formatted(active, events, config == null ? "" : config, SECRET));

    assertThat(CHECK.hook(hook))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.outcome().code()).isEqualTo(outcome);
              assertThat(result.detail()).contains(words);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "true, deployment, is not subscribed to pull requests",
    "true, 'deployment,pull_request', is active",
    "true, *, is active",
    "false, deployment, is active"
  })
  void where_a_route_destroys_environments_pull_requests_are_told_of(
      boolean needed, String events, String words) {
    JsonNode hook =
        JsonCodec.read(
            "{\"active\":true,\"events\":[\"%s\"],\"config\":{\"content_type\":\"json\",%s}}"
                .formatted(events.replace(",", "\",\""), SECRET));

    assertThat(check(needed).hook(hook))
        .singleElement()
        .satisfies(result -> assertThat(result.detail()).startsWith(words));
  }

  @Test
  void a_webhook_that_shows_no_secret_is_warned_of() {
    assertThat(
            CHECK.hook(
                JsonCodec.read(
                    "{\"active\":true,\"events\":[\"deployment\"],\"config\":{\"content_type\":\"json\"}}")))
        .extracting(CheckResult::detail)
        .containsExactly("shows no secret; what is not signed is refused");
  }

  @ParameterizedTest
  @CsvSource({
    "403, need not",
    "404, need not",
    "500, GitHub answered 500",
    "200, GitHub answered 200"
  })
  void webhooks_that_are_not_shown_are_not_judged(int status, String words) {
    CheckResult result = CHECK.unseen(new Reply.Answered(status, Map.of(), ""));

    assertThat(result.outcome()).isEqualTo(CheckResult.Outcome.SKIPPED);
    assertThat(result.detail()).contains(words);
  }

  private static JsonNode delivery(long id, String guid, String at, String status, int code) {
    return JsonCodec.read(
        "{\"id\":%d,\"guid\":\"%s\",\"delivered_at\":\"%s\",\"status\":\"%s\",\"status_code\":%d}"
            .formatted(id, guid, at, status, code));
  }

  @Test
  void of_each_event_the_last_attempt_within_three_days_counts() {
    CheckResult result =
        WebhookCheck.failures(
            "deliveries",
            List.of(
                delivery(9, "a", "2026-11-22T09:00:00Z", "OK", 202),
                delivery(8, "a", "2026-11-22T08:00:00Z", "Invalid HTTP Response: 503", 503),
                delivery(7, "b", "2026-11-21T08:00:00Z", "timed out", 0),
                delivery(6, "c", "2026-11-20T08:00:00.5Z", "Unauthorized", 401),
                delivery(5, "d", "2026-11-20T07:00:00Z", "Unauthorized", 401),
                delivery(4, "e", "2026-11-19T09:59:59Z", "gone", 500)),
            FROM,
            "GITHUB_WEBHOOK_SECRET");

    assertThat(result.outcome()).isEqualTo(CheckResult.Outcome.WARNING);
    assertThat(result.detail()).isEqualTo("3 of 4 within 3 days failed: 1 × no answer, 2 × 401");
    assertThat(result.advice()).contains("GITHUB_WEBHOOK_SECRET");
  }

  @Test
  void deliveries_that_all_went_well_are_counted() {
    assertThat(
            WebhookCheck.failures(
                "deliveries",
                List.of(delivery(9, "a", "2026-11-22T09:00:00Z", "OK", 200)),
                FROM,
                "GITHUB_WEBHOOK_SECRET"))
        .isEqualTo(new CheckResult.Ok("deliveries", "1 within 3 days, none failed"));
  }
}
