package dev.slipway.configuration;

import static dev.slipway.configuration.LoadedConfiguration.good;
import static dev.slipway.configuration.LoadedConfiguration.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.webhook.NamedSecret;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSecretSettingsTest {
  @TempDir Path folder;

  @Test
  void without_a_secret_there_is_no_start() {
    assertThat(problems(folder, Map.of()))
        .singleElement()
        .asString()
        .contains("GITHUB_WEBHOOK_SECRET");
    assertThat(problems(folder, Map.of("GITHUB_WEBHOOK_SECRET", ""))).hasSize(1);
  }

  @Test
  void a_webhook_secret_is_taken_as_it_is() {
    assertThat(
            good(folder, "GITHUB_WEBHOOK_SECRET", "  blanks around, and long ")
                .webhookSecrets()
                .getFirst()
                .secret()
                .reveal())
        .isEqualTo("  blanks around, and long ");
  }

  @Test
  void both_secrets_are_valid_while_one_is_rotated_out() {
    assertThat(
            good(folder, "GITHUB_WEBHOOK_SECRET_PREVIOUS", "the old one, also long")
                .webhookSecrets())
        .extracting(NamedSecret::name)
        .containsExactly("current", "previous");
  }
}
