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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a status that was being sent when its process died. */
class OutboxHoldTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration HOLD = Duration.ofSeconds(20);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);

  private static void accept(Database database) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            1L,
            "a".repeat(40),
            "main",
            new Environment("production", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              long id = ledger.addDeployment(deployment, T0);
              RunQueue _ = ledger.lockQueue("key");
              ledger.lockQueue("key").enqueue(new QueueEntry(id, 1, deployment), ROUTE, T0);
              ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), T0);
              return id;
            });
  }

  /** Time passes as the test says, on PostgreSQL too. */
  private static Outbox outbox(Database database) {
    return new Outbox(database, "github.com", HOLD, PostLimits.ANY, (_, now) -> now.toEpochMilli());
  }

  @ParameterizedTest
  @EnumSource
  void a_start_hands_it_out_at_once_unless_another_process_may_be_sending_it(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database);
      Outbox outbox = outbox(database);
      ClaimedStatus lost = outbox.claim(T0).orElseThrow();
      Instant restart = T0.plusSeconds(3);
      assertThat(outbox.claim(restart)).isEmpty();

      outbox.makeAllDue(restart);

      if (kind == TestDatabases.SQLITE) {
        ClaimedStatus again = outbox.claim(restart).orElseThrow();
        assertThat(again.id()).isEqualTo(lost.id());
        assertThat(again.inDoubt()).isTrue();
      } else {
        assertThat(outbox.claim(restart)).isEmpty();
        assertThat(outbox.claim(T0.plus(HOLD))).isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_hold_lasts_while_it_is_renewed_and_no_longer(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database);
      Outbox outbox = outbox(database);
      ClaimedStatus slow = outbox.claim(T0).orElseThrow();

      outbox.renew(T0.plusSeconds(15), slow);
      assertThat(outbox.claim(T0.plusSeconds(34))).isEmpty();
      assertThat(outbox.nextDue(T0.plusSeconds(34))).contains(T0.plusSeconds(35));
      ClaimedStatus taken = outbox.claim(T0.plusSeconds(35)).orElseThrow();

      outbox.renew(T0.plusSeconds(50), slow);
      assertThat(outbox.claim(T0.plusSeconds(55))).isPresent();
      assertThat(outbox.confirmPost(taken, () -> T0.plusSeconds(56))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_process_that_slept_does_not_hand_out_again_what_it_is_posting(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database);
      Outbox outbox = outbox(database);
      ClaimedStatus mine = outbox.claim(T0).orElseThrow();
      assertThat(outbox.confirmPost(mine, () -> T0)).isTrue();

      assertThat(outbox.claim(T0.plusSeconds(30), mine)).isEmpty();
      assertThat(outbox.nextDue(T0.plusSeconds(30))).contains(T0.plusSeconds(50));
      outbox.processChanges(T0.plusSeconds(60), mine);
      assertThat(outbox.claim(T0.plusSeconds(79))).isEmpty();

      ClaimedStatus others = outbox.claim(T0.plusSeconds(80)).orElseThrow();
      outbox.renew(T0.plusSeconds(99), mine);
      assertThat(outbox.claim(T0.plusSeconds(100), mine).map(ClaimedStatus::id))
          .contains(others.id());
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_put_back_is_held_by_nobody_though_it_is_renewed(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database);
      Outbox outbox = outbox(database);
      ClaimedStatus former = outbox.claim(T0).orElseThrow();
      outbox.postpone(former, T0.plusSeconds(1), true, "502", T0);

      outbox.renew(T0, former);

      assertThat(outbox.claim(T0.plusSeconds(1), former)).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void leave_to_post_is_a_new_hold(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database);
      Outbox outbox = outbox(database);
      ClaimedStatus slow = outbox.claim(T0).orElseThrow();

      // Over, but nobody else has got it
      assertThat(outbox.confirmPost(slow, () -> T0.plusSeconds(30))).isTrue();
      assertThat(outbox.claim(T0.plusSeconds(49))).isEmpty();
      assertThat(outbox.claim(T0.plusSeconds(50))).isPresent();
    }
  }

  @Test
  void a_replica_whose_clock_is_an_hour_off_takes_no_status_from_its_poster() {
    try (Database database = TestDatabases.POSTGRESQL.open()) {
      accept(database);
      Instant now = Instant.now();
      Instant ahead = now.plus(Duration.ofHours(1));
      Outbox outbox = new Outbox(database, "github.com", HOLD, PostLimits.ANY);
      assertThat(outbox.claim(now)).isPresent();

      assertThat(outbox.claim(ahead)).isEmpty();
      outbox.makeAllDue(ahead);
      assertThat(outbox.claim(ahead)).isEmpty();
      assertThat(outbox.nextDue(ahead).orElseThrow())
          .isBetween(ahead.plusSeconds(1), ahead.plusSeconds(21));
    }
  }
}
