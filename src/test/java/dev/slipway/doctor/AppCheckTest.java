package dev.slipway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.check.CheckResult;
import dev.slipway.github.AppKeys;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.github.GithubSettingNames;
import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.secret.Redactor;
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

/** What GitHub tells of a GitHub App. */
class AppCheckTest {
  private static final String HERE = "https://deploy.example.com/webhooks/github";
  private static final Http HTTP = new Http(Duration.ofSeconds(5), "Slipway/test");

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private static AppCheck check(boolean needsPullRequests) {
    GithubConfig config =
        new GithubConfig(
            URI.create("https://ghe.example.com/api/v3"),
            null,
            AppKeys.credential("Iv23liAbc"),
            GithubConfig.API_VERSION,
            new GithubSettingNames("github-hosts[0]"));
    return new AppCheck(
        new Github(config, HTTP, () -> Instant.EPOCH),
        URI.create(HERE),
        needsPullRequests,
        new ProviderMessages("GitHub", List.of(), new Redactor(List.of())));
  }

  private static List<CheckResult> webhook(int status, String body) {
    return check(false).webhook(new Reply.Answered(status, Map.of(), body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "url":"HERE","content_type":"json","insecure_ssl":"0","secret":"****" | ok      | leads here, and signs
          "url":"HERE","content_type":"json","insecure_ssl":0,"secret":"****"   | ok      | leads here, and signs
          "url":"HERE","content_type":"form","insecure_ssl":"0","secret":"****" | warning | sends forms
          "url":"HERE","insecure_ssl":"0","secret":"****"                       | warning | sends forms
          "url":"HERE","content_type":"json","insecure_ssl":"1","secret":"****" | warning | does not check the certificate
          "url":"HERE","content_type":"json","insecure_ssl":"0"                 | warning | shows no secret
          "url":"https://ci.example.com","content_type":"json","secret":"****"  | warning | leads to https://ci.example.com
          "content_type":"json","secret":"****"                                 | warning | leads nowhere
          """)
  void each_wrong_setting_of_its_webhook_is_a_result(String config, String outcome, String words) {
    assertThat(webhook(200, "{" + config.replace("HERE", HERE) + "}"))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.subject()).isEqualTo("webhook of the GitHub App");
              assertThat(result.outcome().code()).isEqualTo(outcome);
              assertThat(result.detail()).startsWith(words);
            });
  }

  @Test
  void what_is_wrong_is_said_with_the_address_and_the_setting() {
    assertThat(webhook(200, "{\"url\":\"\"}").getFirst().advice()).contains(HERE);
    assertThat(
            webhook(200, "{\"url\":\"%s\",\"content_type\":\"json\"}".formatted(HERE))
                .getFirst()
                .advice())
        .contains("github-hosts[0].webhook-secret");
  }

  @ParameterizedTest
  @CsvSource({"404, '{\"message\":\"Not Found\"}'", "200, '[]'", "502, ''"})
  void a_webhook_that_is_not_shown_is_not_judged(int status, String body) {
    assertThat(webhook(status, body))
        .extracting(CheckResult::outcome)
        .containsExactly(CheckResult.Outcome.SKIPPED);
  }

  @ParameterizedTest
  @CsvSource({
    "true, deployment, 'ok warning'",
    "true, 'deployment,pull_request', ok",
    "false, deployment, ok"
  })
  void where_a_route_destroys_environments_it_tells_of_pull_requests(
      boolean needed, String events, String outcomes) {
    String json =
        "{\"name\":\"Slipway\",\"permissions\":{\"deployments\":\"write\"},\"events\":[\"%s\"]}"
            .formatted(events.replace(",", "\",\""));

    assertThat(check(needed).app(JsonCodec.read(json)))
        .extracting(result -> result.outcome().code())
        .containsExactly(outcomes.split(" "));
  }
}
