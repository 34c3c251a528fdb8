package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crash.OutsideJournal.Act;
import dev.slipway.crash.OutsideJournal.Outcome;
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
    over(deployment, end.equals("success") ? Outcome.LIVE : Outcome.FAILED);
    status(deployment, end);
  }

  private void over(long deployment, Outcome outcome) {
    see(new OutsideJournal.Over(deployment, "production", "", outcome));
  }

  private void asked(Act act, String key, long deployment) {
    see(new OutsideJournal.Asked(act, key, deployment, "production"));
  }

  private void replied(Act act, String key, int status, String word, long deployment) {
    see(new OutsideJournal.Replied(act, key, status, word, deployment, Long.MAX_VALUE));
  }

  private void audited(Act act, String key) {
    see(new OutsideJournal.Audited(act, key));
  }

  /** An act that was acknowledged, and is in the audit. */
  private void done(Act act, String key, long deployment, String word) {
    asked(act, key, deployment);
    replied(act, key, 202, word, deployment);
    audited(act, key);
  }

  private void cancelled(long deployment, String description) {
    see(new OutsideJournal.Posted(deployment, "inactive", description));
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
  void queued_again_by_a_lock_right_before_the_start_passes() {
    accepted(1);
    status(1, "in_progress");
    see(new OutsideJournal.Posted(1, "queued", "Locked by ann: migration"));
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
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
  void the_end_of_an_earlier_deploy_is_not_that_of_a_later_one() {
    accepted(1);
    see(new OutsideJournal.Triggered(1, "production", "api", "dep-1", 1));
    see(new OutsideJournal.Over(1, "production", "dep-1", Outcome.FAILED));
    status(1, "failure");
    done(Act.RETRY, "one", 1, "retried");
    status(1, "in_progress");
    see(new OutsideJournal.Triggered(1, "production", "api", "dep-2", 1));
    see(new OutsideJournal.Over(1, "production", "dep-1", Outcome.FAILED));
    accepted(2);
    see(new OutsideJournal.Triggered(2, "production", "api", "dep-3", 2));
    see(new OutsideJournal.Over(1, "production", "dep-2", Outcome.LIVE));
    see(new OutsideJournal.Over(2, "production", "dep-3", Outcome.LIVE));
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

  @Test
  void a_success_of_a_deploy_that_did_not_go_live_is_caught() {
    accepted(1);
    triggered(1);
    over(1, Outcome.FAILED);
    status(1, "success");

    finds("nothing went live");
  }

  @Test
  void one_that_went_live_and_is_told_as_another_end_is_caught() {
    accepted(1);
    triggered(1);
    over(1);
    status(1, "failure");

    finds("went live, and nobody was told");
  }

  @Test
  void a_deploy_of_another_commit_is_caught() {
    accepted(1);
    see(new OutsideJournal.Triggered(1, "production", "shell", "", 7));
    over(1);
    status(1, "success");

    finds("another commit");
  }

  @Test
  void an_end_that_is_told_while_the_deploy_goes_on_is_caught() {
    accepted(1);
    triggered(1);
    status(1, "failure");
    over(1, Outcome.FAILED);

    finds("while its deploy went on");
  }

  @Test
  void a_deploy_that_goes_on_for_ever_is_caught() {
    accepted(1);
    done(Act.CANCEL, "one", 1, "cancel_requested");
    cancelled(1, "Cancelled: one");
    triggered(1);

    finds("for ever");
  }

  @Test
  void the_cancel_of_one_that_waits_passes() {
    accepted(1);
    status(1, "queued");
    done(Act.CANCEL, "one", 1, "cancelled");
    cancelled(1, "Cancelled: one");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void the_cancel_of_one_that_runs_passes() {
    accepted(1);
    status(1, "in_progress");
    triggered(1);
    done(Act.CANCEL, "one;", 1, "cancel_requested");
    over(1, Outcome.STOPPED);
    cancelled(1, "Cancelled: one;; cancelled at Render");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_cancel_that_came_too_late_passes() {
    accepted(1);
    status(1, "in_progress");
    triggered(1);
    over(1);
    done(Act.CANCEL, "one;", 1, "cancel_requested");
    status(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void an_end_told_while_the_cancelled_deploy_goes_on_is_caught() {
    accepted(1);
    status(1, "in_progress");
    triggered(1);
    done(Act.CANCEL, "one;", 1, "cancel_requested");
    cancelled(1, "Cancelled: one;; cancelled at Render");
    over(1, Outcome.STOPPED);

    finds("while its deploy went on");
  }

  @Test
  void a_stop_that_nobody_asked_for_is_caught() {
    accepted(1);
    triggered(1);
    over(1, Outcome.STOPPED);
    status(1, "failure");

    finds("nobody asked for it");
  }

  @Test
  void a_start_after_the_cancel_of_one_that_waited_is_caught() {
    accepted(1);
    status(1, "queued");
    done(Act.CANCEL, "one", 1, "cancelled");
    triggered(1);
    over(1, Outcome.FAILED);
    cancelled(1, "Cancelled: one");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("it was started after that"))
        .anyMatch(found -> found.contains("and was deployed"));
  }

  @Test
  void a_start_after_a_cancel_passes_when_a_retry_came_in_between() {
    accepted(1);
    status(1, "queued");
    done(Act.CANCEL, "one", 1, "cancelled");
    cancelled(1, "Cancelled: one");
    done(Act.RETRY, "two", 1, "retried");
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_start_before_the_retry_after_a_cancel_is_caught() {
    accepted(1);
    status(1, "queued");
    done(Act.CANCEL, "one", 1, "cancelled");
    cancelled(1, "Cancelled: one");
    status(1, "in_progress");
    triggered(1);
    over(1);
    done(Act.RETRY, "two", 1, "retried");
    status(1, "success");

    finds("it was started after that");
  }

  @Test
  void a_cancel_that_was_acknowledged_and_not_told_is_caught() {
    accepted(1);
    done(Act.CANCEL, "one", 1, "cancelled");
    whole(1, "failure");

    assertThat(Checker.violations(journal)).anyMatch(found -> found.contains("was not told"));
  }

  @Test
  void a_cancel_after_which_nothing_ends_is_caught() {
    accepted(1);
    whole(1, "failure");
    done(Act.CANCEL, "one", 1, "cancel_requested");

    finds("no end since");
  }

  @Test
  void a_cancel_that_is_told_twice_is_caught() {
    accepted(1);
    done(Act.CANCEL, "one", 1, "cancelled");
    cancelled(1, "Cancelled: one");
    done(Act.RETRY, "two", 1, "retried");
    done(Act.CANCEL, "three", 1, "cancelled");
    status(1, "queued");
    cancelled(1, "Cancelled: one");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("told more than once"))
        .anyMatch(found -> found.contains("was not told"));
  }

  @Test
  void a_cancel_that_is_told_as_a_failure_is_caught() {
    accepted(1);
    done(Act.CANCEL, "one", 1, "cancel_requested");
    see(new OutsideJournal.Posted(1, "failure", "Cancelled: one"));

    finds("none of a cancel");
  }

  @Test
  void a_cancel_in_doubt_may_have_been_done_or_not() {
    accepted(1);
    asked(Act.CANCEL, "one", 1);
    replied(Act.CANCEL, "one", 0, "", 1);
    cancelled(1, "Cancelled: one");
    audited(Act.CANCEL, "one");
    accepted(2);
    asked(Act.CANCEL, "two", 2);
    replied(Act.CANCEL, "two", 0, "", 2);
    whole(2, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_cancel_in_doubt_that_was_half_done_is_caught() {
    accepted(1);
    asked(Act.CANCEL, "one", 1);
    cancelled(1, "Cancelled: one");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("was told, and is not in the audit"))
        .anyMatch(found -> found.contains("nothing newer is there"));
  }

  @Test
  void a_retry_that_was_acknowledged_and_did_not_run_is_caught() {
    accepted(1);
    whole(1, "failure");
    done(Act.RETRY, "one", 1, "retried");

    finds("no final status");
  }

  @Test
  void a_retry_in_doubt_that_is_in_the_audit_has_to_run() {
    accepted(1);
    whole(1, "failure");
    asked(Act.RETRY, "one", 1);
    audited(Act.RETRY, "one");

    finds("no final status");
  }

  @Test
  void a_retry_that_runs_twice_is_caught() {
    accepted(1);
    whole(1, "failure");
    done(Act.RETRY, "one", 1, "retried");
    whole(1, "failure");
    whole(1, "success");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("triggered twice"))
        .anyMatch(found -> found.contains("more than one final"));
  }

  @Test
  void a_retry_that_is_refused_and_runs_is_caught() {
    accepted(1);
    whole(1, "failure");
    asked(Act.RETRY, "one", 1);
    replied(Act.RETRY, "one", 409, "Not retried", 1);
    whole(1, "success");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("triggered twice"))
        .anyMatch(found -> found.contains("more than one final"));
  }

  @Test
  void an_acknowledged_act_without_its_row_in_the_audit_is_caught() {
    asked(Act.LOCK, "one", 0);
    replied(Act.LOCK, "one", 201, "locked", 0);

    finds("is not in the audit");
  }

  @Test
  void a_refused_act_with_a_row_in_the_audit_is_caught() {
    asked(Act.UNLOCK, "one", 0);
    replied(Act.UNLOCK, "one", 404, "Not found", 0);
    audited(Act.UNLOCK, "one");

    finds("was refused, and is in the audit");
  }

  @Test
  void a_second_row_in_the_audit_and_one_of_nobody_are_caught() {
    done(Act.LOCK, "one", 0, "locked");
    audited(Act.LOCK, "one");
    audited(Act.LOCK, "two");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("more than once in the audit"))
        .anyMatch(found -> found.contains("nobody asked for it"));
  }

  private void locked(String key) {
    done(Act.LOCK, key, 0, "locked");
  }

  @Test
  void a_start_before_a_lock_and_after_the_unlock_passes() {
    accepted(1);
    whole(1, "success");
    locked("one");
    accepted(2);
    status(2, "queued");
    see(new OutsideJournal.Waiting(2, clock));
    done(Act.UNLOCK, "one", 0, "unlocked");
    whole(2, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void what_had_been_taken_before_the_lock_passes() {
    accepted(1);
    locked("one");
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_start_of_what_came_when_it_was_locked_is_caught() {
    locked("one");
    accepted(1);
    whole(1, "success");

    finds("came when it was locked");
  }

  @Test
  void a_start_of_what_was_seen_to_wait_for_a_lock_is_caught() {
    accepted(1);
    locked("one");
    see(new OutsideJournal.Waiting(1, clock));
    whole(1, "success");

    finds("waited for the lock");
  }

  @Test
  void a_second_start_where_it_is_locked_is_caught() {
    accepted(1);
    accepted(2);
    locked("one");
    whole(1, "success");
    whole(2, "success");

    finds("after another one");
  }

  @Test
  void a_start_behind_one_that_ran_when_it_was_locked_is_caught() {
    accepted(1);
    accepted(2);
    triggered(1);
    locked("one");
    over(1);
    status(1, "success");
    whole(2, "success");

    finds("after #1 had run");
  }

  @Test
  void a_start_after_the_time_of_a_lock_passes() {
    asked(Act.LOCK, "one", 0);
    see(new OutsideJournal.Replied(Act.LOCK, "one", 201, "locked", 0, clock + 3));
    audited(Act.LOCK, "one");
    accepted(1);
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_lock_on_another_environment_says_nothing() {
    see(new OutsideJournal.Asked(Act.LOCK, "one", 0, " staging"));
    replied(Act.LOCK, "one", 201, "locked", 0);
    audited(Act.LOCK, "one");
    accepted(1);
    whole(1, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  private void rolledBack(String key, long to, long created, long commit) {
    asked(Act.ROLLBACK, key, to);
    see(new OutsideJournal.Created(created, "production", commit, "Rollback: " + key));
    replied(Act.ROLLBACK, key, 202, "", created);
    audited(Act.ROLLBACK, key);
    status(created, "in_progress");
    see(new OutsideJournal.Triggered(created, "production", "shell", "", commit));
    over(created);
    status(created, "success");
  }

  @Test
  void a_rollback_to_what_was_live_before_passes() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    accepted(3);
    whole(3, "success");
    rolledBack("one", 0, 4, 2);
    rolledBack("two", 0, 5, 1);
    rolledBack("three", 3, 6, 3);

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_rollback_to_the_wrong_commit_is_caught() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    accepted(3);
    whole(3, "success");
    rolledBack("one", 0, 4, 1);

    finds("another commit than was live before");
  }

  @Test
  void a_rollback_goes_by_what_was_live_and_not_by_when_it_was_told() {
    for (long deployment = 1; deployment <= 3; deployment++) {
      accepted(deployment);
      triggered(deployment);
      over(deployment);
    }
    status(2, "success");
    status(1, "success");
    rolledBack("one", 0, 4, 2);
    status(3, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_rollback_to_another_than_was_named_is_caught() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    rolledBack("one", 2, 3, 1);

    finds("another commit than was live before");
  }

  @Test
  void a_rollback_with_two_deployments_is_caught() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    rolledBack("one", 0, 3, 1);
    see(new OutsideJournal.Created(4, "production", 1, "Rollback: one"));

    finds("more than one deployment");
  }

  @Test
  void a_rollback_that_was_acknowledged_and_never_created_or_never_ran_is_caught() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    done(Act.ROLLBACK, "one", 3, "");
    see(new OutsideJournal.Created(4, "production", 1, "Rollback: two"));
    done(Act.ROLLBACK, "two", 4, "");

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("GitHub has no such deployment"))
        .anyMatch(found -> found.contains("no final status"))
        .hasSize(2);
  }

  @Test
  void a_rollback_that_was_refused_and_created_or_that_nobody_asked_for_is_caught() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    asked(Act.ROLLBACK, "one", 0);
    see(new OutsideJournal.Created(3, "production", 1, "Rollback: one"));
    replied(Act.ROLLBACK, "one", 409, "Already live", 0);
    see(new OutsideJournal.Created(4, "production", 1, "Rollback: two"));

    assertThat(Checker.violations(journal))
        .anyMatch(found -> found.contains("was refused, and GitHub has its deployment"))
        .anyMatch(found -> found.contains("nobody asked for it"))
        .hasSize(2);
  }

  @Test
  void a_rollback_that_came_too_late_may_have_been_created() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    asked(Act.ROLLBACK, "one", 0);
    see(new OutsideJournal.Created(3, "production", 1, "Rollback: one"));
    accepted(4);
    replied(Act.ROLLBACK, "one", 409, "Not deployed", 0);
    cancelled(3, "Stale");
    whole(4, "success");

    assertThat(Checker.violations(journal)).isEmpty();
  }

  @Test
  void a_rollback_in_doubt_may_have_been_created() {
    accepted(1);
    whole(1, "success");
    accepted(2);
    whole(2, "success");
    asked(Act.ROLLBACK, "one", 0);
    see(new OutsideJournal.Created(3, "production", 1, "Rollback: one"));
    asked(Act.ROLLBACK, "one", 0);
    replied(Act.ROLLBACK, "one", 409, "Unknown outcome", 0);

    assertThat(Checker.violations(journal)).isEmpty();
  }
}
