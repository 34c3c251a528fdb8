package dev.slipway.page;

import static dev.slipway.page.StoredPage.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.model.Status;
import dev.slipway.model.StopReason;
import dev.slipway.model.Verdict;
import dev.slipway.page.PageView.ChainRow;
import dev.slipway.page.PageView.TargetProgress;
import dev.slipway.store.ClaimedStatus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagePresenterTest {
  @Test
  void a_deployment_that_waits_has_nothing_tried_yet() {
    try (StoredPage kept = new StoredPage()) {
      PageView view = kept.view();

      assertThat(view.heading())
          .isEqualTo(
              new PageView.Heading(
                  "Deployment 1",
                  "octo-org/hello-world",
                  "production",
                  "in_progress",
                  "In progress",
                  "Starting",
                  List.of("1 status waits for GitHub")));
      assertThat(view.clock()).isEqualTo(new PageView.Clock("Waits for", true, 3, "3 s"));
      assertThat(view.chain())
          .containsExactly(
              new ChainRow(
                  "render-hook, render-api, ssh, shell", TargetProgress.AHEAD, "waits", ""));
      assertThat(view.facts())
          .contains(
              new PageView.HeaderField(
                  "Commit",
                  "f95f852",
                  "code",
                  "https://github.com/octo-org/hello-world/commit/" + StoredPage.SHA),
              new PageView.HeaderField("On GitHub", "deployment 42", "", null))
          .extracting(PageView.HeaderField::name)
          .doesNotContain("Run", "Description", "Live at");
    }
  }

  @Test
  void skipped_targets_in_a_row_are_one_attempt_with_their_reasons() {
    try (StoredPage kept = new StoredPage().isTaken()) {
      kept.has(
          new Fact.Judged(T0, "render-hook", new Verdict.Skipped("HOOK is not set")),
          new Fact.Judged(T0, "render-api", new Verdict.Skipped("KEY is not set")),
          new Fact.Intended(T0, "ssh", null, "", Duration.ZERO),
          new Fact.Judged(T0, "ssh", new Verdict.Refused("no route to host")),
          new Fact.Intended(T0, "shell", null, "", Duration.ZERO));

      ChainRow skipped = kept.view().chain().getFirst();
      assertThat(skipped.name()).isEqualTo("render-hook, render-api");
      assertThat(skipped.members())
          .extracting(ChainRow::detail)
          .containsExactly("HOOK is not set", "KEY is not set");
      assertThat(kept.view().chain().subList(1, 3))
          .containsExactly(
              new ChainRow("ssh", TargetProgress.REFUSED, "refused", "no route to host"),
              new ChainRow("shell", TargetProgress.BUSY, "starting", ""));
    }
  }

  @Test
  void one_skipped_target_alone_shows_its_reason() {
    try (StoredPage kept = new StoredPage().isTaken()) {
      kept.has(
          new Fact.Judged(T0, "render-hook", new Verdict.Skipped("HOOK is not set")),
          new Fact.Busy(T0, "render-api", "429", T0));

      assertThat(kept.view().chain())
          .containsExactly(
              new ChainRow("render-hook", TargetProgress.SKIPPED, "skipped", "HOOK is not set"),
              new ChainRow("render-api", TargetProgress.BUSY, "busy", "429"),
              new ChainRow("ssh, shell", TargetProgress.AHEAD, "waits", ""));
    }
  }

  @Test
  void a_stop_that_was_not_taken_shows_until_the_run_ends_without_it() {
    try (StoredPage kept = new StoredPage().isTaken()) {
      String outcome = "not stopped: Render answered 500";
      kept.has(
          new Fact.Judged(T0, "render-hook", new Verdict.Accepted("dep-1", "created")),
          new Fact.StopSent(T0, "render-hook", StopReason.DEADLINE, outcome, T0.plusSeconds(10)));

      assertThat(kept.view().chain().getFirst())
          .isEqualTo(new ChainRow("render-hook", TargetProgress.ACCEPTED, "stopping", outcome));
      kept.ends(new End.Failed("Not finished after 1 h; " + outcome));
      assertThat(kept.view().chain().getFirst())
          .isEqualTo(new ChainRow("render-hook", TargetProgress.FAILED, "not stopped", outcome));
    }
  }

  @Test
  void a_success_shows_where_it_is_live_and_what_was_not_tried() {
    try (StoredPage kept = new StoredPage().isTaken()) {
      End end = new End.Succeeded(URI.create("https://shop.example/"), "Live");
      kept.has(
              new Fact.Judged(T0, "render-hook", new Verdict.Accepted("dep-1", "created")),
              new Fact.Ended(T0, "render-hook", end))
          .ends(end)
          .isPosted();
      PageView view = kept.view();

      assertThat(view.heading().stateLabel()).isEqualTo("Success");
      assertThat(view.heading().reason()).isEqualTo("Live");
      assertThat(view.clock()).isEqualTo(new PageView.Clock("Took", false, 65, "1 m 05 s"));
      assertThat(view.facts())
          .contains(
              new PageView.HeaderField(
                  "Live at", "https://shop.example/", "wide", "https://shop.example/"));
      assertThat(view.chain())
          .containsExactly(
              new ChainRow("render-hook", TargetProgress.SUCCEEDED, "accepted, succeeded", ""),
              new ChainRow("render-api, ssh, shell", TargetProgress.AHEAD, "not tried", ""));
      assertThat(view.reports())
          .extracting(report -> report.posting().label())
          .containsExactly("GitHub has it", "waiting for GitHub");
    }
  }

  @Test
  void an_address_that_is_no_web_page_is_no_link() {
    try (StoredPage kept = new StoredPage().isTaken()) {
      kept.ends(new End.Succeeded(URI.create("javascript:alert(1)"), "Live"));

      assertThat(kept.view().facts())
          .contains(new PageView.HeaderField("Live at", "javascript:alert(1)", "wide", null));
    }
  }

  @Test
  void a_status_says_why_github_has_not_got_it() {
    try (StoredPage kept = new StoredPage().isTaken().ends(new End.Failed("no"))) {
      ClaimedStatus first = kept.outbox.claim(T0).orElseThrow();
      kept.outbox.postpone(first, T0.plusSeconds(9), false, "GitHub answered 502", T0);
      assertThat(kept.view().reports().getFirst())
          .extracting(PageView.StatusRow::posting, PageView.StatusRow::problem)
          .containsExactly(PageView.Posting.WAITING, "GitHub answered 502");
      assertThat(kept.view().heading().notices())
          .containsExactly("2 statuses wait for GitHub since 10:00:00 UTC: GitHub answered 502");

      kept.outbox.giveUp(first, T0, "GitHub answered 404");
      assertThat(kept.view().reports().getFirst())
          .extracting(PageView.StatusRow::posting, PageView.StatusRow::problem)
          .containsExactly(PageView.Posting.LOST, "GitHub answered 404");
    }
  }

  @Test
  void a_status_that_gave_way_to_a_later_one_waits_no_more() {
    try (StoredPage kept =
        new StoredPage().isTaken().says(new Status(GithubState.IN_PROGRESS, "Building"))) {
      assertThat(kept.view().reports())
          .extracting(PageView.StatusRow::posting)
          .containsExactly(PageView.Posting.REPLACED, PageView.Posting.WAITING);
      assertThat(kept.view().heading().notices()).containsExactly("1 status waits for GitHub");
    }
  }

  @Test
  void missed_deployments_stand_beside_statuses_that_wait() {
    try (StoredPage kept = new StoredPage()) {
      String before = kept.view().seen();
      kept.silence = new MissedDeliveries("github.com", 2, T0);
      assertThat(kept.view().heading().notices())
          .containsExactly(
              "1 status waits for GitHub",
              "GitHub made 2 deployments since the last delivery we got, on 21 Nov 2026, 10:00:00"
                  + " UTC: look at the webhook's Recent deliveries");
      assertThat(kept.view().seen()).isNotEqualTo(before);

      kept.silence = new MissedDeliveries("github.com", 1, null);
      assertThat(kept.view().heading().notices().getLast())
          .startsWith("GitHub made 1 deployment, and has delivered none of its events yet");
    }
  }

  @Test
  void a_deploy_that_github_does_not_know_waits_for_nobody() {
    try (StoredPage kept = new StoredPage(null)) {
      assertThat(kept.view().heading().number()).isEqualTo("Deployment 1");
      assertThat(kept.view().facts())
          .extracting(PageView.HeaderField::name)
          .doesNotContain("On GitHub");
      assertThat(kept.view().heading().notices()).isEmpty();
      assertThat(kept.view().reports().getFirst().posting().label()).isEqualTo("not on GitHub");
    }
  }

  @Test
  void what_is_shown_has_a_mark_that_changes_with_it() {
    try (StoredPage kept = new StoredPage().isTaken()) {
      String seen = kept.view().seen();
      assertThat(kept.writes("a line\n").view().seen()).isEqualTo(seen);
      assertThat(kept.has(new Fact.Intended(T0, "shell", null, "", Duration.ZERO)).view().seen())
          .isNotEqualTo(seen);
      String before = kept.view().seen();
      assertThat(kept.isPosted().view().seen()).isNotEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-5,0 s",
    "0,0 s",
    "59,59 s",
    "60,1 m 00 s",
    "3599,59 m 59 s",
    "3600,1 h 00 m",
    "90061,25 h 01 m"
  })
  void a_time_is_told_in_two_parts(long seconds, String told) {
    assertThat(PagePresenter.took(Duration.ofSeconds(seconds))).isEqualTo(told);
  }
}
