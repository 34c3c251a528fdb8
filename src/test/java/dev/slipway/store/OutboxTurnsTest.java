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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose statuses leave first when many wait, and how fast. */
class OutboxTurnsTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration HOLD = Duration.ofSeconds(20);
  private static final Status WORKS = new Status(GithubState.IN_PROGRESS, "works");
  private static final Status LIVE = new Status(GithubState.SUCCESS, "live");
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private static long deployment(
      Database database, String repository, @Nullable Long githubId, Status... statuses) {
    return deployment(database, repository, "production", githubId, statuses);
  }

  private static long deployment(
      Database database,
      String repository,
      String environment,
      @Nullable Long githubId,
      Status... statuses) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, repository),
            githubId,
            "a".repeat(40),
            "main",
            new Environment(environment, false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    return new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, T0);
              ledger.lockQueue("key" + id).enqueue(new QueueEntry(id, 1, deployment), ROUTE, T0);
              for (Status status : statuses) {
                ledger.addStatus(id, 1, status, T0);
              }
              return id;
            });
  }

  private static Outbox outbox(Database database, PostLimits pace) {
    return new Outbox(database, "github.com", HOLD, pace, (_, now) -> now.toEpochMilli());
  }

  private static String posted(Outbox outbox, Instant now) {
    ClaimedStatus next = outbox.claim(now).orElseThrow();
    assertThat(outbox.confirmPost(next, () -> now)).isTrue();
    outbox.confirmPosted(next, 9_000 + next.id(), now);
    Deployment of = next.deployment().deployment();
    return of.repository().fullName() + " " + next.status().description();
  }

  @ParameterizedTest
  @EnumSource
  void a_repository_with_many_statuses_leaves_every_other_turn_to_the_next(TestDatabases kind) {
    try (Database database = kind.open()) {
      for (long i = 0; i < 300; i++) {
        deployment(database, "big/one", i, LIVE);
      }
      Outbox outbox = outbox(database, PostLimits.ANY);
      assertThat(posted(outbox, T0)).isEqualTo("big/one live");
      for (long i = 1_000; i < 1_003; i++) {
        deployment(database, "small/One", i, LIVE);
      }
      deployment(database, "tiny/one", 2_000L, LIVE);

      List<String> order = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        order.add(posted(outbox, T0));
      }

      assertThat(order.subList(0, 3))
          .containsExactlyInAnyOrder("big/one live", "small/One live", "tiny/one live");
      assertThat(order.subList(3, 7))
          .containsExactly("big/one live", "small/One live", "big/one live", "small/One live");
    }
  }

  @ParameterizedTest
  @EnumSource
  void final_ones_of_all_repositories_go_before_intermediate_ones_of_any(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, "a/a", 1L, WORKS);
      deployment(database, "a/a", 2L, LIVE);
      deployment(database, "b/b", 3L, WORKS);
      deployment(database, "b/b", 4L, LIVE);
      deployment(database, "b/b", 5L, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);

      List<String> order = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        order.add(posted(outbox, T0));
      }

      assertThat(order)
          .containsExactly("a/a live", "b/b live", "b/b live", "a/a works", "b/b works");
    }
  }

  @ParameterizedTest
  @EnumSource
  void while_more_than_a_few_wait_a_second_lies_between_two_posts(TestDatabases kind) {
    try (Database database = kind.open()) {
      for (long i = 0; i < 9; i++) {
        deployment(database, "a/a", i, LIVE);
      }
      Outbox outbox = outbox(database, new PostLimits(80, 500, Duration.ofSeconds(1)));
      Instant now = T0;
      List<Instant> at = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        Optional<ClaimedStatus> next = outbox.claim(now);
        while (next.isEmpty()) {
          now = outbox.nextDue(now).orElseThrow();
          next = outbox.claim(now);
        }
        Instant leave = now;
        assertThat(outbox.confirmPost(next.get(), () -> leave)).isTrue();
        outbox.confirmPosted(next.get(), 9_000 + next.get().id(), now);
        at.add(now);
      }

      assertThat(at.subList(0, 4))
          .containsExactly(T0, T0.plusSeconds(1), T0.plusSeconds(2), T0.plusSeconds(3));
      assertThat(at.subList(4, 9)).containsOnly(T0.plusSeconds(3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_is_being_posted_is_among_those_that_wait(TestDatabases kind) {
    try (Database database = kind.open()) {
      for (long i = 0; i < 7; i++) {
        deployment(database, "a/a", i, WORKS);
      }
      Outbox outbox = outbox(database, new PostLimits(80, 500, Duration.ofSeconds(1)));

      for (int i = 0; i < 7; i++) {
        assertThat(outbox.claim(T0.plusSeconds(i))).isPresent();
        assertThat(outbox.claim(T0.plusSeconds(i))).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void successes_of_one_environment_leave_one_after_another(TestDatabases kind) {
    try (Database database = kind.open()) {
      long first = deployment(database, "a/a", 1L, WORKS, LIVE);
      long second = deployment(database, "a/a", "Production", 2L, LIVE);
      long failed = deployment(database, "a/a", 3L, new Status(GithubState.FAILURE, "broken"));
      long staged = deployment(database, "a/a", "staging", 4L, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      ClaimedStatus held = outbox.claim(T0).orElseThrow();
      assertThat(held.deployment().id()).isEqualTo(first);

      assertThat(next(outbox, T0)).contains(failed);
      assertThat(next(outbox, T0)).contains(staged);
      assertThat(next(outbox, T0)).isEmpty();
      assertThat(outbox.nextDue(T0)).contains(T0.plusSeconds(1));

      outbox.confirmPosted(held, 901, T0);
      ClaimedStatus live = outbox.claim(T0).orElseThrow();
      assertThat(live.deployment().id()).isEqualTo(first);
      assertThat(next(outbox, T0)).isEmpty();
      outbox.confirmPosted(live, 902, T0);
      assertThat(next(outbox, T0)).contains(second);
    }
  }

  private static Optional<Long> next(Outbox outbox, Instant now) {
    return outbox.claim(now).map(outgoing -> outgoing.deployment().id());
  }

  @ParameterizedTest
  @EnumSource
  void a_success_whose_poster_is_gone_lets_the_next_of_its_environment_pass(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, "a/a", 1L, LIVE);
      long second = deployment(database, "a/a", 2L, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      assertThat(outbox.claim(T0)).isPresent();
      assertThat(next(outbox, T0.plusSeconds(19))).isEmpty();

      ClaimedStatus again = outbox.claim(T0.plusSeconds(20)).orElseThrow();
      outbox.postpone(again, T0.plusSeconds(60), true, "502", T0.plusSeconds(20));

      assertThat(next(outbox, T0.plusSeconds(20))).contains(second);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_only_the_api_knows_waits_for_nobody_and_makes_nothing_short(TestDatabases kind) {
    try (Database database = kind.open()) {
      for (int i = 0; i < 60; i++) {
        deployment(database, "a/a", null, WORKS, LIVE);
      }
      long id = deployment(database, "a/a", 1L, WORKS, LIVE);
      Outbox outbox = outbox(database, new PostLimits(80, 500));

      assertThat(outbox.backlog().waiting()).isEqualTo(2);
      assertThat(posted(outbox, T0)).isEqualTo("a/a works");
      assertThat(posted(outbox, T0)).isEqualTo("a/a live");
      assertThat(outbox.claim(T0)).isEmpty();
      assertThat(outbox.nextDue(T0)).isEmpty();
      assertThat(new DeploymentQueries(database).find(id).orElseThrow().waitingForGithub())
          .isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_repository_that_is_refused_rests_and_makes_nothing_short(TestDatabases kind) {
    try (Database database = kind.open()) {
      for (long i = 0; i < 100; i++) {
        deployment(database, "a/a", i, WORKS, LIVE);
      }
      Outbox outbox = outbox(database, new PostLimits(80, 500));
      ClaimedStatus refused = outbox.claim(T0).orElseThrow();
      assertThat(outbox.pauseRepository(refused, false, "403", T0)).isEqualTo(HOUR.dividedBy(60));
      deployment(database, "b/b", 1_000L, WORKS, LIVE);

      assertThat(posted(outbox, T0)).isEqualTo("b/b works");
      assertThat(posted(outbox, T0)).isEqualTo("b/b live");
      assertThat(outbox.claim(T0)).isEmpty();
      assertThat(outbox.nextDue(T0)).contains(T0.plusSeconds(60));
      assertThat(outbox.backlog())
          .extracting(Outbox.Backlog::refused, Outbox.Backlog::problem)
          .containsExactly(1, "403");
      assertThat(posted(outbox, T0.plusSeconds(60))).isEqualTo("a/a live");
      assertThat(outbox.backlog().refused()).isZero();
      assertThat(outbox.claim(T0.plusSeconds(60))).isPresent();
    }
  }

  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @EnumSource
  void a_pause_of_years_that_is_in_the_database_ends_within_an_hour(TestDatabases kind) {
    try (Database database = kind.open()) {
      deployment(database, "a/a", 1L, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      outbox.processChanges(T0);
      outbox.pause(T0.plus(Duration.ofDays(9_000)));

      assertThat(outbox.claim(T0)).isEmpty();

      assertThat(outbox.nextDue(T0)).contains(T0.plus(HOUR));
      assertThat(outbox.claim(T0.plus(HOUR))).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_removed_for_its_age_waits_no_more(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = deployment(database, "a/a", 1L, WORKS, LIVE);
      Outbox outbox = outbox(database, PostLimits.ANY);
      ClaimedStatus held = outbox.claim(T0).orElseThrow();
      database.write(
          sql -> {
            OutboxRotation.markRemoved(sql, id);
            sql.update("delete from run where deployment_id = ?", id);
            return sql.update("delete from deployment where id = ?", id);
          });

      outbox.postpone(held, T0, true, "away", T0);

      assertThat(outbox.claim(T0)).isEmpty();
      assertThat(outbox.nextDue(T0)).isEmpty();
      assertThat(outbox.backlog().waiting()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_is_counted_is_what_waits_whatever_was_done(TestDatabases kind) {
    try (Database database = kind.open()) {
      for (long i = 0; i < 30; i++) {
        deployment(database, "a/a" + i % 3, i, WORKS, new Status(GithubState.QUEUED, "q"), LIVE);
      }
      Outbox outbox = outbox(database, new PostLimits(10, 0));
      Instant now = T0;
      for (int i = 0; i < 60; i++) {
        now = now.plusSeconds(7);
        Optional<ClaimedStatus> next = outbox.claim(now);
        if (next.isPresent()) {
          switch (i % 5) {
            case 0 -> outbox.giveUp(next.get(), now, "no");
            case 1 -> outbox.postpone(next.get(), now.plusSeconds(90), false, "later", now);
            case 2 -> outbox.abandon(next.get(), now, "gone");
            case 3 -> deployment(database, "a/b", 100L + i, WORKS);
            default -> outbox.confirmPosted(next.get(), 9_000 + i, now);
          }
        }
        assertThat(outbox.backlog().waiting()).isEqualTo(waiting(database));
      }
      assertThat(outbox.backlog().lost()).isPositive();
    }
  }

  private static int waiting(Database database) {
    return database.read(
        sql ->
            (int)
                sql.number(
                    "select count(*) from status where posted_at is null and given_up_at is null"));
  }
}
