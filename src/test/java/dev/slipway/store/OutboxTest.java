package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which statuses leave, at which pace, and what a poster that was away for too long can do. */
class OutboxTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00.123Z");
  private static final Duration HOLD = Duration.ofMinutes(2);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private static Status queued(String text) {
    return new Status(GithubState.QUEUED, text);
  }

  private static Status working(String text) {
    return new Status(GithubState.IN_PROGRESS, text);
  }

  private static final Status LIVE = new Status(GithubState.SUCCESS, "live");
  private static final Status BROKEN = new Status(GithubState.FAILURE, "broken");

  private static long deployment(Database database, long githubId, Status... statuses) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            githubId,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    long id =
        new Inbox(database, Duration.ofDays(90))
            .record(
                ledger -> {
                  long added = ledger.addDeployment(deployment, T0);
                  ledger
                      .lockQueue("key" + githubId)
                      .enqueue(new QueueEntry(added, 1, deployment), ROUTE, T0);
                  return added;
                });
    add(database, id, 1, statuses);
    return id;
  }

  private static void add(Database database, long id, int run, Status... statuses) {
    for (Status status : statuses) {
      new Inbox(database, Duration.ofDays(90))
          .record(
              ledger -> {
                ledger.addStatus(id, run, status, T0);
                return id;
              });
    }
  }

  /** Posts all that leave now, and tells their texts. */
  private static List<String> leave(Outbox outbox, Instant now) {
    List<String> texts = new ArrayList<>();
    for (Optional<ClaimedStatus> next = outbox.claim(now);
        next.isPresent();
        next = outbox.claim(now)) {
      assertThat(outbox.confirmPost(next.get(), () -> now)).isTrue();
      outbox.confirmPosted(next.get(), 900 + next.get().id(), now);
      texts.add(next.get().status().description());
    }
    return texts;
  }

  /** Time passes as the test says, on PostgreSQL too. */
  private static Outbox outbox(Database database, PostLimits pace) {
    return new Outbox(database, "github.com", HOLD, pace, (_, now) -> now.toEpochMilli());
  }

  private static List<DeploymentQueries.StatusReport> rows(Database database, long id) {
    return new DeploymentQueries(database).find(id).orElseThrow().statuses();
  }

  @ParameterizedTest
  @EnumSource
  void a_text_that_never_left_is_replaced_by_a_later_one_of_its_state(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id =
          deployment(
              database, 1, queued("2 ahead"), queued("1 ahead"), working("a"), working("b"), LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);

      assertThat(rows(database, id))
          .extracting(DeploymentQueries.StatusReport::replaced)
          .containsExactly(true, false, true, false, false);
      assertThat(outbox.backlog().waiting()).isEqualTo(3);
      assertThat(new DeploymentQueries(database).find(id).orElseThrow().waitingForGithub())
          .isEqualTo(3);
      assertThat(leave(outbox, T0)).containsExactly("1 ahead", "b", "live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_may_have_reached_github_and_what_is_final_is_never_replaced(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = deployment(database, 1, working("a"));
      Outbox outbox = outbox(database, new PostLimits(1, 0));
      ClaimedStatus held = outbox.claim(T0).orElseThrow();
      add(database, id, 1, working("b"), BROKEN);
      add(database, id, 2, BROKEN, working("c"), LIVE);
      outbox.postpone(held, T0, true, "timeout", T0);

      List<String> texts = new ArrayList<>();
      for (int minute = 0; minute < 9; minute++) {
        texts.addAll(leave(outbox, T0.plusSeconds(61L * minute)));
      }

      assertThat(texts).containsExactly("a", "broken", "broken", "live");
      assertThat(rows(database, id))
          .extracting(DeploymentQueries.StatusReport::replaced)
          .containsExactly(false, true, false, false, true, false);
    }
  }

  @ParameterizedTest
  @EnumSource
  void texts_of_another_run_are_not_replaced(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = deployment(database, 1, working("first"), BROKEN);
      add(database, id, 2, working("second"), LIVE);

      assertThat(leave(outbox(database, new PostLimits(80, 500)), T0))
          .containsExactly("first", "broken", "second", "live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void while_the_hour_is_short_final_ones_go_before_intermediate_ones_of_others(
      TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, queued("waits"));
      deployment(database, 2, working("works"));
      long third = deployment(database, 3, queued("was queued"), working("worked"), LIVE);
      Outbox outbox = outbox(database, new PostLimits(0, 2));

      assertThat(leave(outbox, T0)).containsExactly("live", "waits");
      assertThat(rows(database, third))
          .extracting(DeploymentQueries.StatusReport::replaced)
          .containsExactly(true, true, false);
      assertThat(outbox.nextDue(T0)).contains(T0.plusSeconds(3601));
      assertThat(outbox.claim(T0.plusSeconds(3600))).isEmpty();
      assertThat(leave(outbox, T0.plusSeconds(3601))).containsExactly("works");
    }
  }

  @ParameterizedTest
  @EnumSource
  void while_there_is_enough_the_usual_run_is_seen_whole(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, queued("waits"), working("works"), LIVE);

      assertThat(leave(outbox(database, new PostLimits(80, 500)), T0))
          .containsExactly("waits", "works", "live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void two_posters_share_the_pace_and_a_post_counts_from_its_leave(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, LIVE);
      deployment(database, 2, LIVE);
      Outbox one = outbox(database, new PostLimits(1, 0));
      Outbox other = outbox(database, new PostLimits(1, 0));
      ClaimedStatus first = one.claim(T0).orElseThrow();

      assertThat(other.claim(T0)).isEmpty();
      assertThat(other.nextDue(T0)).contains(T0.plusSeconds(61));
      assertThat(one.confirmPost(first, () -> T0.plusSeconds(10))).isTrue();
      one.confirmPosted(first, 901, T0.plusSeconds(10));
      assertThat(other.claim(T0.plusSeconds(61))).isEmpty();
      assertThat(other.claim(T0.plusSeconds(71))).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_pause_that_begins_before_the_post_leaves_no_doubt_and_no_place_taken(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, LIVE);
      Outbox outbox = outbox(database, new PostLimits(1, 0));
      ClaimedStatus handedOut = outbox.claim(T0).orElseThrow();
      outbox.pause(T0.plusSeconds(30));

      assertThat(outbox.confirmPost(handedOut, () -> T0)).isFalse();

      assertThat(outbox.nextDue(T0)).contains(T0.plusSeconds(30));
      assertThat(outbox.claim(T0.plusSeconds(30)).map(ClaimedStatus::inDoubt)).contains(false);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_place_in_the_pace_that_others_may_have_by_now_is_no_leave(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, working("a"));
      deployment(database, 2, working("b"));
      Outbox outbox = outbox(database, new PostLimits(1, 0));
      ClaimedStatus slept = outbox.claim(T0).orElseThrow();
      ClaimedStatus other = outbox.claim(T0.plusSeconds(61)).orElseThrow();

      assertThat(outbox.confirmPost(slept, () -> T0.plusSeconds(61))).isFalse();
      assertThat(outbox.confirmPost(other, () -> T0.plusSeconds(61))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_former_poster_gives_no_place_of_the_present_one_back(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, LIVE);
      deployment(database, 2, LIVE);
      Outbox outbox = outbox(database, new PostLimits(1, 0));
      ClaimedStatus slept = outbox.claim(T0).orElseThrow();
      assertThat(outbox.claim(T0.plus(HOLD)).map(ClaimedStatus::id)).contains(slept.id());

      outbox.refund(slept);

      assertThat(outbox.claim(T0.plus(HOLD))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_poster_that_slept_through_its_hold_may_not_post(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      ClaimedStatus slept = outbox.claim(T0).orElseThrow();
      ClaimedStatus taken = outbox.claim(T0.plus(HOLD)).orElseThrow();

      assertThat(taken.inDoubt()).isTrue();
      assertThat(outbox.confirmPost(slept, () -> T0.plus(HOLD))).isFalse();
      assertThat(outbox.confirmPost(taken, () -> T0.plus(HOLD))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_former_poster_says_late_does_not_disturb_the_present_one(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = deployment(database, 1, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      ClaimedStatus slept = outbox.claim(T0).orElseThrow();
      ClaimedStatus taken = outbox.claim(T0.plus(HOLD)).orElseThrow();

      outbox.postpone(slept, T0, false, "no connection", T0);
      outbox.giveUp(slept, T0, "deleted");
      assertThat(outbox.claim(T0.plus(HOLD))).isEmpty();
      assertThat(rows(database, id).getFirst().givenUp()).isFalse();

      outbox.confirmPosted(taken, 902, T0.plus(HOLD));
      outbox.confirmPosted(slept, 901, T0.plusSeconds(999));
      assertThat(rows(database, id).getFirst().postedAt()).isEqualTo(T0.plus(HOLD));
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_late_success_of_a_former_poster_counts_and_the_present_one_stops(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = deployment(database, 1, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      ClaimedStatus slept = outbox.claim(T0).orElseThrow();
      ClaimedStatus taken = outbox.claim(T0.plus(HOLD)).orElseThrow();

      outbox.confirmPosted(slept, 901, T0.plus(HOLD));

      assertThat(outbox.confirmPost(taken, () -> T0.plus(HOLD))).isFalse();
      outbox.postpone(taken, T0, true, "timeout", T0);
      outbox.giveUp(taken, T0, "deleted");
      assertThat(rows(database, id).getFirst())
          .extracting(
              DeploymentQueries.StatusReport::postedAt, DeploymentQueries.StatusReport::problem)
          .containsExactly(T0.plus(HOLD), null);
      assertThat(outbox.backlog().waiting()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_pause_holds_for_every_process_and_is_not_shortened(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      outbox.pause(T0.plusSeconds(90));
      outbox.pause(T0.plusSeconds(1));
      Outbox other = outbox(database, PostLimits.ANY);
      other.makeAllDue(T0);

      assertThat(other.claim(T0.plusSeconds(89))).isEmpty();
      assertThat(other.nextDue(T0)).contains(T0.plusSeconds(90));
      assertThat(other.claim(T0.plusSeconds(90))).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_status_that_a_frozen_poster_sends_too_late_does_not_stay_the_last_word(
      TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = deployment(database, 1, working("a"), LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      ClaimedStatus frozen = outbox.claim(T0).orElseThrow();
      Instant later = T0.plus(HOLD);
      assertThat(leave(outbox, later)).containsExactly("a", "live");

      // Found in GitHub's list, it is the one that the other posted
      outbox.confirmPosted(frozen, 900 + frozen.id(), later);
      assertThat(outbox.claim(later)).isEmpty();

      outbox.confirmPosted(frozen, 999, later);
      outbox.confirmPosted(frozen, 999, later);
      assertThat(leave(outbox, later)).containsExactly("live");
      assertThat(rows(database, id)).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_still_waits_is_the_last_word_anyway(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, 1, working("a"));
      Outbox outbox = outbox(database, PostLimits.ANY);
      ClaimedStatus frozen = outbox.claim(T0).orElseThrow();
      assertThat(leave(outbox, T0.plus(HOLD))).containsExactly("a");
      outbox.confirmPosted(frozen, 999, T0.plus(HOLD));
      assertThat(outbox.claim(T0.plus(HOLD))).isEmpty();

      add(database, frozen.deployment().id(), 1, working("b"), LIVE);
      outbox.confirmPosted(frozen, 999, T0.plus(HOLD));
      assertThat(leave(outbox, T0.plus(HOLD))).containsExactly("b", "live");
    }
  }

  @Test
  void posters_that_wait_for_each_other_leave_connections_to_the_rest() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(16);
    try (Database database = TestDatabases.POSTGRESQL.open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Outbox outbox = outbox(database, PostLimits.ANY);
      threads.execute(() -> holdPosting(database, held, done));
      held.await();
      List<Future<?>> pauses = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        pauses.add(
            threads.submit(
                () -> {
                  begun.countDown();
                  outbox.pause(T0);
                }));
      }
      begun.await();

      try {
        assertThat(database.<Long>write(sql -> sql.number("select 1"), Duration.ofSeconds(8)))
            .isEqualTo(1);
      } finally {
        done.countDown();
      }
      for (Future<?> pause : pauses) {
        pause.get();
      }
    }
  }

  private static void holdPosting(Database database, CountDownLatch held, CountDownLatch done) {
    int _ =
        database.write(
            sql -> {
              new PostBudget("github.com", PostLimits.ANY).lock(sql);
              held.countDown();
              try {
                done.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return 0;
            });
  }
}
