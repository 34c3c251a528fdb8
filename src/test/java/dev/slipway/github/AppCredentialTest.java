package dev.slipway.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AppCredentialTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void its_token_is_signed_by_the_app_and_ends_within_githubs_ten_minutes() {
    JsonNode claims =
        AppKeys.verified(
            new AppCredential("Iv23liAbc", AppKeys.key(), null).jwt(NOW).reveal(),
            AppKeys.PAIR.getPublic());

    assertThat(claims.path("iss").asString()).isEqualTo("Iv23liAbc");
    assertThat(claims.path("iat").asLong()).isEqualTo(NOW.getEpochSecond() - 60);
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong())
        .isLessThanOrEqualTo(Duration.ofMinutes(10).toSeconds());
    assertThat(claims.propertyNames()).containsExactlyInAnyOrder("iat", "exp", "iss");
  }
}
