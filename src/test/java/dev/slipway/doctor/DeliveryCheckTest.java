package dev.slipway.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.check.CheckResult;
import dev.slipway.secret.Secret;
import dev.slipway.store.StoreInspector;
import dev.slipway.webhook.NamedSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stored deliveries tell of the webhook. */
class DeliveryCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final DeliveryCheck CHECK =
      new DeliveryCheck(
          List.of(new NamedSecret("current", new Secret("hush"), "github.com")),
          List.of("github.com"));

  private static StoreInspector.ReceivedPing ping(String secret, String reason) {
    return new StoreInspector.ReceivedPing(NOW.minus(Duration.ofHours(3)), secret, "77", reason);
  }

  private static StoreInspector.Summary summary(String secret, String reason, Duration last) {
    return new StoreInspector.Summary(
        Map.of("github.com", ping(secret, reason)),
        Map.of("github.com", NOW.minus(last)),
        List.of());
  }

  @Test
  void a_ping_that_was_let_in_shows_that_the_secret_fits() {
    assertThat(
            CHECK.results(summary("current", "the hook looks right", Duration.ofMinutes(5)), NOW))
        .containsExactly(
            new CheckResult.Ok(
                "webhook secret",
                "the last ping of webhook 77 came 3 h ago and fits the secret \"current\""),
            new CheckResult.Ok("last delivery", "5 min ago"));
  }

  @Test
  void what_was_wrong_with_the_hook_then_and_a_secret_that_is_gone_are_warned_of() {
    assertThat(
            CHECK
                .results(summary("current", "it sends forms", Duration.ofMinutes(5)), NOW)
                .getFirst())
        .isInstanceOf(CheckResult.Warning.class)
        .extracting(CheckResult::detail)
        .asString()
        .endsWith(", but: it sends forms");
    assertThat(
            CHECK
                .results(summary("previous", "the hook looks right", Duration.ofMinutes(5)), NOW)
                .getFirst())
        .isInstanceOf(CheckResult.Warning.class)
        .extracting(CheckResult::detail)
        .asString()
        .contains("\"previous\", which is not configured any more");
  }

  @Test
  void silence_of_a_month_is_warned_of_and_no_delivery_at_all() {
    assertThat(
            CHECK
                .results(summary("current", "the hook looks right", Duration.ofDays(31)), NOW)
                .getLast())
        .isInstanceOf(CheckResult.Warning.class)
        .extracting(CheckResult::detail)
        .isEqualTo("31 days ago");
    assertThat(CHECK.results(StoreInspector.Summary.NOTHING, NOW))
        .extracting(CheckResult::outcome)
        .containsExactly(CheckResult.Outcome.SKIPPED, CheckResult.Outcome.WARNING);
  }

  @Test
  void a_host_that_is_silent_is_told_apart_from_one_that_is_not() {
    DeliveryCheck check =
        new DeliveryCheck(List.of(), List.of("github.com", "github.example.com", "x.ghe.com"));
    assertThat(
            check.results(
                new StoreInspector.Summary(
                    Map.of(),
                    Map.of(
                        "github.com", NOW.minusSeconds(60),
                        "github.example.com", NOW.minus(Duration.ofDays(31))),
                    List.of()),
                NOW))
        .extracting(CheckResult::subject, CheckResult::outcome, CheckResult::detail)
        .contains(
            tuple("last delivery", CheckResult.Outcome.OK, "1 min ago"),
            tuple("github.example.com: last delivery", CheckResult.Outcome.WARNING, "31 days ago"),
            tuple(
                "x.ghe.com: last delivery",
                CheckResult.Outcome.WARNING,
                "GitHub has delivered nothing yet"));
  }

  @Test
  void the_ping_of_one_host_says_nothing_about_the_secrets_of_another() {
    DeliveryCheck check =
        new DeliveryCheck(
            List.of(
                new NamedSecret("current", new Secret("hush"), "github.com"),
                new NamedSecret("new", new Secret("hush hush"), "github.example.com")),
            List.of("github.com", "github.example.com", "x.ghe.com"));
    assertThat(
            check.results(
                new StoreInspector.Summary(
                    Map.of(
                        "github.com", ping("current", "the hook looks right"),
                        "github.example.com", ping("current", "the hook looks right")),
                    Map.of(),
                    List.of()),
                NOW))
        .extracting(CheckResult::subject, CheckResult::outcome)
        .contains(
            tuple("webhook secret", CheckResult.Outcome.OK),
            tuple("github.example.com: webhook secret", CheckResult.Outcome.WARNING),
            tuple("x.ghe.com: webhook secret", CheckResult.Outcome.SKIPPED));
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 0 s",
    "59, 59 s",
    "60, 1 min",
    "3599, 59 min",
    "3600, 1 h",
    "172799, 47 h",
    "172800, 2 days"
  })
  void an_age_is_told_in_one_unit(long seconds, String words) {
    assertThat(DeliveryCheck.age(NOW.minusSeconds(seconds), NOW)).isEqualTo(words);
  }
}
