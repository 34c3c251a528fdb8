package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing, so each violation is shown to it once. */
class CheckerTest {
  private final OutsideJournal journal = new OutsideJournal();
  private long clock;

  private void see(OutsideJournal.Seen seen) {
    journal.add(++clock, seen);
  }

  private void accepted(long deployment) {
    sent(deployment, "accepted");
  }

  private void sent(long deployment, String decision) {
    sent(deployment, "first", decision);
  }

  private void sent(long deployment, String guid, String decision) {
    see(new OutsideJournal.Sent(deployment, "production", guid));
    see(new OutsideJournal.Answered(deployment, guid, 202, decision));
  }

  private void status(long deployment, String state) {
    see(new OutsideJournal.Posted(deployment, state, ""));
  }

  private void triggered(long deployment) {
    see(new OutsideJournal.Triggered(deployment, "production", "shell"));
  }

  private void over(long deployment) {
    see(new OutsideJournal.Over(deployment, "production"));
  }

  private void whole(long deployment, String end) {
    status(deployment, "in_progress");
    triggered(deployment);
    over(deployment);
    status(deployment, end);
  }

  private void finds(String violation) {
    assertThat(Checker.violations(journal))
        .as("violations")
        .isNotEmpty()
        .allSatisfy(found -> assertThat(found).contains(violation));
  }

  @Test
  void a_status_that_comes_twice_in_a_row_is_counted() {
    status(1, "in_progress");
    status(2, "in_progress");
    status(1, "in_progress");
    status(1, "failure");
    status(1, "in_progress");

    assertThat(Checker.again(journal)).isEqualTo(1);
  }

  @Test
  void a_clean_journal_passes() {
    accepted(1);
    accepted(2);
    status(2, "queued");
    whole(1, "success");
    sent(1, "duplicate");
    whole(2, "failure");
    see(new OutsideJournal.Sent(3, "production", "first"));

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_second_run_after_a_bad_end_passes_when_a_delivery_asked_for_it() {
    accepted(1);
    whole(1, "failure");
    sent(1, "retried");
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_retry_for_a_second_webhook_is_caught() {
    accepted(1);
    whole(1, "failure");
    sent(1, "second", "retried");
    whole(1, "success");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("nobody asked for it"))
        .anyMatch(found -> found.contains("triggered twice"));
  }

  @Test
  void what_a_second_webhook_tells_again_passes_as_a_duplicate() {
    accepted(1);
    whole(1, "failure");
    sent(1, "second", "duplicate");
    sent(1, "second", "retried");
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_second_run_that_no_delivery_asked_for_is_caught() {
    accepted(1);
    whole(1, "failure");
    whole(1, "success");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("triggered twice"))
        .anyMatch(found -> found.contains("more than one final"));
  }

  @Test
  void an_accepted_one_without_an_end_is_caught() {
    accepted(1);
    status(1, "in_progress");
    triggered(1);
    over(1);

    finds("no final status");
  }

  @Test
  void an_accepted_one_that_was_forgotten_altogether_is_caught() {
    accepted(1);

    finds("no final status");
  }

  @Test
  void a_retried_one_without_a_second_end_is_caught() {
    accepted(1);
    whole(1, "error");
    sent(1, "retried");

    finds("no final status");
  }

  @Test
  void a_second_final_status_is_caught() {
    accepted(1);
    whole(1, "success");
    status(1, "error");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("more than one final"))
        .anyMatch(found -> found.contains("after the final"));
  }

  @Test
  void a_status_after_the_final_one_is_caught() {
    accepted(1);
    whole(1, "success");
    status(1, "in_progress");

    finds("after the final");
  }

  @Test
  void a_late_status_after_a_bad_end_is_caught() {
    accepted(1);
    whole(1, "failure");
    status(1, "in_progress");

    finds("after the final");
  }

  @Test
  void queued_after_in_progress_is_caught() {
    accepted(1);
    status(1, "in_progress");
    status(1, "queued");
    triggered(1);
    over(1);
    status(1, "success");

    finds("queued after");
  }

  @Test
  void the_same_in_progress_twice_passes() {
    accepted(1);
    status(1, "in_progress");
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_second_trigger_is_caught() {
    accepted(1);
    triggered(1);
    over(1);
    whole(1, "success");

    finds("triggered twice");
  }

  @Test
  void a_second_trigger_after_a_redelivery_is_caught() {
    accepted(1);
    sent(1, "duplicate");
    triggered(1);
    over(1);
    whole(1, "success");

    finds("triggered twice");
  }

  @Test
  void two_of_one_environment_at_once_are_caught() {
    accepted(1);
    accepted(2);
    triggered(1);
    triggered(2);
    over(1);
    over(2);
    status(1, "success");
    status(2, "success");

    finds("while #1 ran");
  }

  @Test
  void a_status_of_an_unknown_deployment_is_caught() {
    status(9, "success");

    finds("nobody sent it");
  }

  @Test
  void a_success_without_a_deploy_is_caught() {
    accepted(1);
    status(1, "in_progress");
    status(1, "success");

    finds("nothing was deployed");
  }

  @Test
  void one_that_a_newer_one_made_inactive_passes() {
    accepted(1);
    status(1, "queued");
    accepted(2);
    status(1, "inactive");
    whole(2, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void one_that_is_inactive_without_a_newer_one_is_caught() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    status(2, "inactive");

    finds("nothing newer is there");
  }

  @Test
  void one_that_is_inactive_and_was_deployed_is_caught() {
    accepted(1);
    accepted(2);
    whole(1, "inactive");
    whole(2, "success");

    finds("and was deployed");
  }

  @Test
  void one_that_was_ignored_is_caught() {
    sent(1, "foreign");

    finds("was not taken");
  }

  @Test
  void one_that_is_stale_without_a_newer_one_is_caught() {
    sent(1, "stale");

    finds("was not taken");
  }

  @Test
  void a_run_that_came_of_an_answer_that_was_no_success_passes() {
    accepted(1);
    whole(1, "failure");
    see(new OutsideJournal.Sent(1, "production", "first"));
    see(new OutsideJournal.Answered(1, "first", 503, "none"));
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }
}
