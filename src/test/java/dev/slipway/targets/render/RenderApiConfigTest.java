package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.http.Http;
import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.ProviderCalls;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderApiConfigTest {
  @ParameterizedTest
  @ValueSource(strings = {"srv-abc123", "crn-abc123"})
  void a_service_and_a_cron_job_can_be_deployed(String id) {
    assertThat(RenderApiConfig.problemWith(id)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '\"\"'",
    "web, '\"web\"'",
    "srv-, '\"srv-\"'",
    "SRV-abc, '\"SRV-ab…\"'",
    "dep-abc, '\"dep-ab…\"'",
    "exs-abc, Blueprint"
  })
  void anything_else_is_named_with_what_to_change(String id, String shown) {
    assertThat(RenderApiConfig.problemWith(id))
        .hasValueSatisfying(
            problem ->
                assertThat(problem).startsWith("RENDER_SERVICE_ID ").contains(shown, "srv-…"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.render.com/deploy/srv-abc?key=hush",
        "srv-abc?key=hush",
        "rnd-hush",
        "rnd_hush",
        "srv-abc/../hush"
      })
  void what_may_be_a_secret_in_the_wrong_setting_is_not_shown(String id) {
    assertThat(RenderApiConfig.problemWith(id))
        .hasValueSatisfying(problem -> assertThat(problem).doesNotContain("hush"));
  }

  @Test
  void a_wrong_id_cannot_become_a_target() {
    Duration any = Duration.ofMinutes(1);
    var config =
        new RenderApiConfig(
            URI.create("https://api.render.com"),
            new Secret("hush"),
            "../users",
            ClearCache.CLEAR,
            null,
            false,
            new AttemptLimits(any, any, any, any));
    try (Http http = new Http(any, "Slipway/test")) {
      assertThatThrownBy(
              () ->
                  new RenderApi(
                      "render-api",
                      config,
                      new ProviderCalls(http, new Redactor(List.of())),
                      new ReadBudgets(InstantSource.system()),
                      AcceptedDeploys.NONE,
                      InstantSource.system()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("RENDER_SERVICE_ID");
    }
  }
}
