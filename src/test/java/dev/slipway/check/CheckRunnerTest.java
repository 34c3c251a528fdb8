package dev.slipway.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Checks side by side: a bad one is a failure of its own. */
class CheckRunnerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static Check ok(String subject) {
    return new Check(subject, () -> List.of(new CheckResult.Ok(subject, "is well")));
  }

  @Test
  void the_results_are_in_the_order_of_the_checks() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    Check first =
        new Check(
            "first",
            () -> {
              second.await();
              return List.of(
                  new CheckResult.Ok("first", "a"), new CheckResult.Warning("first", "b", "c"));
            });
    Check last =
        new Check(
            "last",
            () -> {
              second.countDown();
              return List.of(new CheckResult.Skipped("last", "d"));
            });

    assertThat(new CheckRunner(LONG).run(List.of(first, last)))
        .containsExactly(
            new CheckResult.Ok("first", "a"),
            new CheckResult.Warning("first", "b", "c"),
            new CheckResult.Skipped("last", "d"));
  }

  @Test
  void what_others_have_written_does_nothing_to_the_terminal() {
    assertThat(new CheckResult.Ok("GitHub", "said \u001b[1m\u009b31m\u202eno\u2069").detail())
        .isEqualTo("said [1m 31m no");
  }

  @Test
  void one_that_throws_is_a_failure_and_the_others_go_on() throws Exception {
    Check broken =
        new Check(
            "broken",
            () -> {
              throw new IllegalStateException("torn\napart");
            });

    assertThat(new CheckRunner(LONG).run(List.of(broken, ok("other"))))
        .containsExactly(
            new CheckResult.Failure(
                "broken",
                "could not be checked: java.lang.IllegalStateException: torn apart",
                "report this"),
            new CheckResult.Ok("other", "is well"));
  }

  @Test
  void nobody_waits_for_one_that_hangs_and_hears_no_interrupt() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    Check hanging =
        new Check(
            "hanging",
            () -> {
              boolean done = false;
              while (!done) {
                try {
                  over.await();
                  done = true;
                } catch (InterruptedException unheard) {
                  done = false;
                }
              }
              return List.of();
            });

    assertThat(new CheckRunner(Duration.ofMillis(300)).run(List.of(hanging, ok("other"))))
        .extracting(CheckResult::outcome, CheckResult::subject)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(CheckResult.Outcome.FAILURE, "hanging"),
            org.assertj.core.groups.Tuple.tuple(CheckResult.Outcome.OK, "other"));
    over.countDown();
  }

  @Test
  void a_text_is_shown_as_one_line_of_limited_length() {
    CheckResult result =
        new CheckResult.Warning("a\tb", "x\r\n\u2028y" + "z".repeat(1000), "\u0007")
            .shown(text -> text);

    assertThat(result.subject()).isEqualTo("a b");
    assertThat(result.detail()).startsWith("x yz").hasSize(500).endsWith("…");
    assertThat(result.advice()).isEmpty();
  }

  @Test
  void a_secret_is_taken_out_of_a_text_before_it_is_cut() {
    CheckResult result = new CheckResult.Ok("a", "z".repeat(495) + "hush-hush");

    assertThat(result.shown(text -> text.replace("hush-hush", "***")).detail())
        .isEqualTo("z".repeat(495) + "***");
  }
}
