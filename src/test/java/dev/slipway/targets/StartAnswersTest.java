package dev.slipway.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.Reply;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Redactor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/targets.md, row by row. */
class StartAnswersTest {
  private static final Instant SINCE = Instant.parse("2026-11-20T10:00:00Z");
  private static final Instant SENT = SINCE.plusSeconds(40);
  private static final Instant NOW = SENT.plusSeconds(10);

  /** A provider that adds nothing. */
  private static class Plain implements StartRules {
    @Override
    public String logPrefix() {
      return "Acme";
    }

    @Override
    public ProviderMessages messages() {
      return new ProviderMessages("Acme", List.of("hush"), new Redactor(List.of()));
    }

    @Override
    public Verdict accepted(Reply.Answered answer, Instant sent) {
      return new Verdict.Accepted("dep-" + sent.getEpochSecond(), answer.body());
    }
  }

  /** A provider that adds all that can be added. */
  private static final class Eager extends Plain {
    @Override
    public Optional<String> hint(Reply.Answered refusal) {
      return Optional.of("check ACME_KEY");
    }

    @Override
    public boolean isBusy(Reply.Answered refusal) {
      return true;
    }

    @Override
    public Duration backoff(Duration elapsed, boolean isReached) {
      return Duration.ofMillis(7);
    }
  }

  private static StartAnswer answer(Reply reply, StartRules rules) {
    return StartAnswers.of(reply, rules, SINCE, SENT, NOW);
  }

  private static StartAnswer answer(Reply reply) {
    return answer(reply, new Plain());
  }

  private static Reply.Answered answered(int status, String... header) {
    return new Reply.Answered(
        status,
        header.length == 0 ? Map.of() : Map.of(header[0], header[1]),
        "{\"message\":\"as\\nit is, hush\"}");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          200, Accepted
          201, Accepted
          202, Accepted
          204, Accepted
          299, Accepted
          300, Refused
          301, Refused
          304, Refused
          308, Refused
          400, Refused
          401, Refused
          402, Refused
          403, Refused
          404, Refused
          405, Refused
          406, Refused
          408, Unknown
          409, Busy
          410, Refused
          413, Refused
          418, Refused
          422, Refused
          425, Refused
          429, Busy
          451, Refused
          499, Unknown
          500, Unknown
          501, Unknown
          502, Unknown
          503, Busy
          504, Unknown
          520, Unknown
          599, Unknown
          100, Unknown
          600, Unknown
          """)
  void every_status_has_its_answer(int status, String kind) {
    StartAnswer answer = answer(answered(status));

    assertThat(answer.getClass().getSimpleName()).isEqualTo(kind);
    if (!kind.equals("Accepted")) {
      assertThat(answer.toString()).contains("Acme answered " + status + ": as it is, ***");
    }
  }

  @Test
  void what_surely_never_left_is_busy_where_waiting_may_help_and_a_refusal_where_it_cannot() {
    assertThat(answer(new Reply.NotSent("no connection, hush", true)))
        .isEqualTo(
            new StartAnswer.Busy(
                "Acme was not reached: no connection, ***", Duration.ofSeconds(25)));
    assertThat(answer(new Reply.NotSent("no TLS", false)))
        .isEqualTo(new Verdict.Refused("Acme was not reached: no TLS"));
  }

  @Test
  void what_left_and_has_no_answer_is_unknown() {
    assertThat(answer(new Reply.Unanswered("time-out, hush")))
        .isEqualTo(new Verdict.Unknown("time-out, ***"));
    assertThat(answer(Reply.Unanswered.tooLarge())).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void a_success_is_read_by_the_provider_with_the_time_of_the_request() {
    assertThat(answer(new Reply.Answered(200, Map.of(), "fine")))
        .isEqualTo(new Verdict.Accepted("dep-" + SENT.getEpochSecond(), "fine"));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          Retry-After, 7, 7
          Retry-After, 0, 1
          Retry-After, 'Fri, 20 Nov 2026 10:02:00 GMT', 70
          Retry-After, soon, 25
          Ratelimit-Reset, 45, 45
          Ratelimit-Reset, 1795168920, 70
          Ratelimit-Reset, soon, 25
          X-Other, 3, 25
          """)
  void a_busy_provider_is_asked_again_when_it_says_or_after_half_of_the_time_that_has_gone_by(
      String header, String value, int seconds) {
    for (int status : List.of(409, 429, 503)) {
      assertThat(answer(answered(status, header, value)))
          .isEqualTo(
              new StartAnswer.Busy(
                  "Acme answered %d: as it is, ***".formatted(status),
                  Duration.ofSeconds(seconds)));
    }
  }

  @Test
  void what_retry_after_says_comes_before_the_limit_of_the_rate() {
    assertThat(
            answer(
                new Reply.Answered(429, Map.of("Retry-After", "3", "Ratelimit-Reset", "45"), "")))
        .isEqualTo(new StartAnswer.Busy("Acme answered 429", Duration.ofSeconds(3)));
  }

  @ParameterizedTest
  @CsvSource({"0, 10, 2", "4, 10, 2", "50, 25, 25", "1000, 60, 60"})
  void waits_without_advice_grow_within_limits(int elapsed, int busy, int unreached) {
    Instant now = SINCE.plusSeconds(elapsed);

    assertThat(StartAnswers.of(answered(503), new Plain(), SINCE, SINCE, now))
        .isInstanceOfSatisfying(
            StartAnswer.Busy.class,
            answer -> assertThat(answer.again()).isEqualTo(Duration.ofSeconds(busy)));
    assertThat(StartAnswers.of(new Reply.NotSent("away", true), new Plain(), SINCE, SINCE, now))
        .isInstanceOfSatisfying(
            StartAnswer.Busy.class,
            answer -> assertThat(answer.again()).isEqualTo(Duration.ofSeconds(unreached)));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 404, 410, 422})
  void a_provider_may_say_what_to_check_and_which_refusal_means_busy(int status) {
    StartRules hinting =
        new Plain() {
          @Override
          public Optional<String> hint(Reply.Answered refusal) {
            return Optional.of("check ACME_KEY");
          }
        };

    assertThat(answer(answered(status), hinting))
        .isEqualTo(
            new Verdict.Refused(
                "Acme answered %d: as it is, ***; check ACME_KEY".formatted(status)));
    assertThat(answer(answered(status), new Eager()))
        .isEqualTo(
            new StartAnswer.Busy(
                "Acme answered %d: as it is, ***".formatted(status), Duration.ofMillis(7)));
  }

  @Test
  void no_provider_makes_a_doubt_safe() {
    IntStream.rangeClosed(100, 699)
        .forEach(
            status ->
                assertThat(answer(answered(status), new Eager()) instanceof Verdict.Unknown)
                    .as("unknown after %d", status)
                    .isEqualTo(answer(answered(status)) instanceof Verdict.Unknown));
    assertThat(answer(new Reply.Unanswered("reset"), new Eager()))
        .isEqualTo(new Verdict.Unknown("reset"));
  }
}
