package dev.slipway.reconcile;

import static dev.slipway.store.TestDatabases.POSTGRESQL;
import static dev.slipway.store.TestDatabases.SQLITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.model.Decision;
import dev.slipway.model.DeliverySource;
import dev.slipway.reconcile.ReconcileFixture.Made;
import dev.slipway.store.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which deployments are taken that nobody delivered, and which are not. */
class ReconcilerTest {
  private static final Instant MADE = ReconcileFixture.START.plusSeconds(30);
  private static final Duration LATER = Duration.ofMinutes(5);

  @ParameterizedTest
  @EnumSource
  void a_deployment_that_was_not_delivered_is_taken_once_the_grace_is_over(TestDatabases kind)
      throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(kind).looked()) {
      with.has(Made.of(42, MADE));
      with.pass(Duration.ofMinutes(1));
      with.round();
      assertThat(with.kept()).isEmpty();

      with.pass(LATER);
      with.round();
      with.pass(LATER);
      with.round();

      assertThat(with.kept()).containsExactly("reconcile-127.0.0.1-42 reconcile accepted");
      assertThat(with.rows("select state from run")).containsExactly("queued");
      assertThat(with.rows("select repository from deployment")).containsExactly("acme/web");
      assertThat(with.hub.calls)
          .filteredOn(call -> call.startsWith(ReconcileFixture.WEB + "/42/statuses"))
          .hasSize(1);
      assertThat(with.deliver("late", Made.of(42, MADE))).isInstanceOf(Decision.Duplicate.class);
    }
  }

  @Test
  void what_was_delivered_is_not_looked_into() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.has(Made.of(42, MADE));
      with.deliver("guid", Made.of(42, MADE));
      with.pass(LATER);

      with.round();

      assertThat(with.kept()).containsExactly("guid webhook accepted");
      assertThat(with.hub.calls).containsExactly(ReconcileFixture.WEB + "?per_page=100");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://other.example.com/1, somebody else",
    "https://deploy.example.com/deployments/1/x, a status of this Slipway"
  })
  void what_has_a_status_is_left_alone_and_not_looked_into_again(String logUrl, String reason)
      throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.has(Made.of(42, MADE));
      with.hasStatus(42, logUrl);
      with.pass(LATER);
      with.round();
      with.has(Made.of(43, MADE).in("review"), Made.of(42, MADE));
      with.round();

      assertThat(with.kept()).containsExactly("reconcile-127.0.0.1-42 reconcile foreign");
      assertThat(with.rows("select reason from delivery").getFirst()).contains(reason);
    }
  }

  @Test
  void of_several_only_the_newest_of_each_environment_is_started() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.has(
          Made.of(45, MADE.plusSeconds(20)),
          Made.of(44, MADE.plusSeconds(10)).in("staging"),
          Made.of(43, MADE));
      with.pass(LATER);

      with.round();

      assertThat(with.kept())
          .containsExactly(
              "reconcile-127.0.0.1-45 reconcile accepted",
              "reconcile-127.0.0.1-44 reconcile accepted",
              "reconcile-127.0.0.1-43 reconcile stale");
    }
  }

  @Test
  void what_is_older_than_an_accepted_one_is_never_started() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.deliver("guid", Made.of(44, MADE.plusSeconds(9)));
      with.has(Made.of(43, MADE));
      with.pass(LATER);

      with.round();

      assertThat(with.kept())
          .containsExactly("guid webhook accepted", "reconcile-127.0.0.1-43 reconcile stale");
    }
  }

  @Test
  void what_no_route_takes_and_what_automation_made_is_not_looked_into() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.has(
          Made.of(46, MADE).in("review"),
          Made.of(45, MADE).by("github-actions", "User"),
          Made.of(44, MADE).by("vercel", "Bot"),
          Made.of(43, MADE).by("", "Bot"));
      with.pass(LATER);

      with.round();

      assertThat(with.kept()).isEmpty();
      assertThat(with.hub.calls).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_turned_away_is_not_started_by_a_route_that_is_added_later(TestDatabases kind)
      throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(kind).looked()) {
      Made review = Made.of(42, MADE).in("review");
      assertThat(with.deliver("guid", review)).isInstanceOf(Decision.NoRoute.class);
      with.has(review);
      with.routes("review");
      with.pass(LATER);
      with.round();
      assertThat(with.kept()).containsExactly("guid webhook no_route");
      assertThat(with.watch.missedDeliveries("127.0.0.1").number()).isZero();

      assertThat(with.deliver("guid", review)).isInstanceOf(Decision.Accepted.class);
      assertThat(with.rows("select number from run")).containsExactly("1");
    }
  }

  @Test
  void what_is_too_old_or_from_before_the_repository_was_known_is_left_alone() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE)) {
      with.has(Made.of(42, ReconcileFixture.START.minusSeconds(60)));
      with.round();
      with.has(
          Made.of(43, MADE).in("staging"), Made.of(42, ReconcileFixture.START.minusSeconds(60)));
      with.pass(Duration.ofHours(25));

      with.round();

      assertThat(with.kept()).isEmpty();
    }
  }

  @Test
  void a_known_deployment_that_failed_is_not_run_again() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.deliver("guid", Made.of(42, MADE));
      with.change(
          "update run set state = 'ended', ended_at = 1, end_kind = 'failed',"
              + " end_reason = 'exit code 1'");
      RecoveredEvent again =
          new RecoveredEvent(
              "127.0.0.1",
              "reconcile-127.0.0.1-42",
              DeliverySource.RECONCILE,
              "",
              Made.of(42, MADE).event());

      Decision decision =
          with.intake().recover(again.host(), again.delivery(with.now), again.bytes());

      assertThat(decision).isInstanceOf(Decision.Duplicate.class);
      assertThat(with.rows("select number from run")).containsExactly("1");
    }
  }

  @Test
  void a_repository_whose_deployments_came_in_is_looked_at_without_being_named() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, java.util.List.of("acme/*"))) {
      with.round();
      assertThat(with.hub.calls).isEmpty();
      with.deliver("guid", Made.of(42, MADE));
      with.has(Made.of(43, MADE.plusSeconds(5)), Made.of(42, MADE));
      with.pass(LATER);

      with.round();

      assertThat(with.kept())
          .containsExactly("guid webhook accepted", "reconcile-127.0.0.1-43 reconcile accepted");
      assertThat(with.rows("select max(repository_id) from reconcile_repository"))
          .containsExactly("7");
    }
  }

  @Test
  void older_pages_are_read_by_their_link_but_not_from_another_host() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.has(Made.of(43, MADE.plusSeconds(9)));
      String second = "/repositories/7/deployments?page=2";
      with.hub.put(
          "/repositories/7/deployments", "[" + Made.of(42, MADE).in("staging").json() + "]");
      with.hub.put(ReconcileFixture.WEB + "/42/statuses", "[]");
      with.hub.link(
          ReconcileFixture.WEB + "?per_page=100",
          "<" + with.hub.address() + second + ">; rel=\"next\"");
      with.hub.link(second, "<http://localhost:1/steal>; rel=\"next\"");
      with.pass(LATER);

      with.round();

      assertThat(with.kept()).hasSize(2);
      assertThat(with.hub.calls).contains(second);
    }
  }

  @Test
  void statuses_that_cannot_be_read_are_asked_for_again() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE).looked()) {
      with.has(Made.of(42, MADE));
      with.hub.refuse(ReconcileFixture.WEB + "/42/statuses", 502);
      with.pass(LATER);
      with.round();
      assertThat(with.kept()).isEmpty();

      with.hub.refuse(ReconcileFixture.WEB + "/42/statuses", 0);
      with.round();

      assertThat(with.kept()).containsExactly("reconcile-127.0.0.1-42 reconcile accepted");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_round_that_is_interrupted_lets_the_next_process_look(TestDatabases kind) throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(kind)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(with::round).isInstanceOf(InterruptedException.class);

      assertThat(with.watch.lock("127.0.0.1").acquire("another", with.now, LATER)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_number_of_deployments_since_the_last_delivery_is_kept(TestDatabases kind)
      throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(kind).looked()) {
      with.has(Made.of(43, MADE.plusSeconds(9)), Made.of(42, MADE));
      with.pass(LATER);
      with.round();
      assertThat(with.watch.missedDeliveries("127.0.0.1").number()).isEqualTo(2);
      with.pass(LATER);
      with.round();
      assertThat(with.watch.missedDeliveries("127.0.0.1").number()).isEqualTo(2);

      with.deliverFrom("localhost", Made.of(45, with.now));
      assertThat(with.watch.missedDeliveries("127.0.0.1").number()).isEqualTo(2);
      with.deliver("guid", Made.of(44, with.now));

      assertThat(with.watch.missedDeliveries("127.0.0.1").number()).isZero();
    }
  }

  @Test
  void one_process_looks_at_a_time_and_a_lost_one_is_followed() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(POSTGRESQL)) {
      assertThat(with.watch.lock("127.0.0.1").acquire("another", with.now, LATER)).isTrue();
      assertThat(with.round()).isFalse();
      assertThat(with.hub.calls).isEmpty();

      with.pass(LATER);

      assertThat(with.round()).isTrue();
      assertThat(with.watch.lock("127.0.0.1").acquire("another", with.now, LATER)).isTrue();
    }
  }
}
