package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Decision;
import dev.slipway.model.DeliverySource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebhookSecretsTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");

  private static void deliver(Database database, String secret, Instant at) {
    new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              ledger.countDeliveries(
                  DeliverySource.WEBHOOK, Decision.Kind.IGNORED_EVENT, 1, secret, at);
              return 0;
            });
  }

  @ParameterizedTest
  @EnumSource
  void the_last_use_of_each_secret_is_kept_even_by_events_that_are_ignored(TestDatabases kind) {
    try (Database database = kind.open()) {
      WebhookSecrets secrets = new WebhookSecrets(database);
      assertThat(secrets.uses()).isEmpty();
      deliver(database, "previous", T0);
      deliver(database, "current", T0.plusSeconds(10));
      deliver(database, "", T0.plusSeconds(20));
      deliver(database, "current", T0.plusSeconds(300));

      assertThat(secrets.uses())
          .containsExactly(
              new WebhookSecrets.Use("current", T0.plusSeconds(300)),
              new WebhookSecrets.Use("previous", T0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_use_is_written_once_a_minute_and_follows_a_clock_that_was_set_back(TestDatabases kind) {
    try (Database database = kind.open()) {
      WebhookSecrets secrets = new WebhookSecrets(database);
      deliver(database, "current", T0);
      deliver(database, "current", T0.plusMillis(59_999));
      assertThat(secrets.uses()).containsExactly(new WebhookSecrets.Use("current", T0));
      deliver(database, "current", T0.plusSeconds(60));
      assertThat(secrets.uses())
          .containsExactly(new WebhookSecrets.Use("current", T0.plusSeconds(60)));
      deliver(database, "current", T0.minusSeconds(3600));
      assertThat(secrets.uses())
          .containsExactly(new WebhookSecrets.Use("current", T0.minusSeconds(3600)));
    }
  }
}
