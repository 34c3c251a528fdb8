package dev.slipway.reconcile;

import static dev.slipway.store.TestDatabases.SQLITE;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slipway.reconcile.ReconcileFixture.Made;
import dev.slipway.store.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a repository's webhook failed to deliver. */
@Isolated
class FailedDeliveriesTest {
  private static final Duration LATER = Duration.ofMinutes(5);
  private static final Instant MADE = ReconcileFixture.START.plusSeconds(30);
  private static final String DELIVERIES = ReconcileFixture.HOOKS + "/8/deliveries";
  private static final long BIG = 5_000_000_000L;

  private static ReconcileFixture withHook(TestDatabases kind) throws Exception {
    ReconcileFixture with = new ReconcileFixture(kind);
    with.hub.refuse(ReconcileFixture.HOOKS, 0);
    with.hub.put(ReconcileFixture.HOOKS, ReconcileFixture.hook(8));
    with.hub.put(DELIVERIES, "[]");
    return with.looked();
  }

  private static String attempt(long id, String guid, String status, Instant at) {
    return """
    {"id":%d,"guid":"%s","status":"%s","event":"deployment","delivered_at":"%s"}"""
        .formatted(id, guid, status, at);
  }

  private static String failed(long id, String guid) {
    return attempt(id, guid, "timed out", MADE.plusSeconds(1));
  }

  private static void hasDeliveries(ReconcileFixture with, String... attempts) {
    with.hub.put(DELIVERIES, "[" + String.join(",", attempts) + "]");
  }

  private static void hasItem(ReconcileFixture with, long id, Made made) {
    with.hub.put(DELIVERIES + "/" + id, "{\"request\":{\"payload\":" + made.event() + "}}");
    with.hub.put(ReconcileFixture.WEB + "/" + made.id() + "/statuses", "[]");
  }

  private static List<String> fetched(ReconcileFixture with) {
    return with.hub.calls.stream().filter(call -> call.startsWith(DELIVERIES + "/")).toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_failed_delivery_is_taken_once(TestDatabases kind) throws Exception {
    try (ReconcileFixture with = withHook(kind)) {
      hasDeliveries(
          with,
          attempt(BIG + 2, "g2", "OK", MADE.plusSeconds(3)),
          failed(BIG + 3, "g1"),
          attempt(BIG + 1, "g2", "failed to connect to host", MADE));
      hasItem(with, BIG + 3, Made.of(42, MADE));
      with.pass(LATER);

      with.round();
      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery accepted");
      assertThat(with.rows("select github_id from deployment")).containsExactly("42");
      assertThat(fetched(with)).containsExactly(DELIVERIES + "/5000000003");
    }
  }

  @Test
  void a_failed_delivery_whose_deployment_was_found_in_the_list_is_deployed_once()
      throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      with.has(Made.of(42, MADE));
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, Made.of(42, MADE));
      with.pass(LATER);

      with.round();
      with.round();

      assertThat(with.kept())
          .containsExactly(
              "reconcile-127.0.0.1-42 reconcile accepted", "g1 failed_delivery duplicate");
      assertThat(with.rows("select deployment_id from run")).hasSize(1);
      assertThat(fetched(with)).hasSize(1);
    }
  }

  @Test
  void a_delivery_that_was_answered_too_late_is_known_here_and_not_fetched() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      with.deliver("g1", Made.of(42, MADE));
      hasDeliveries(with, failed(1, "g1"));
      with.pass(LATER);

      with.round();

      assertThat(with.kept()).containsExactly("g1 webhook accepted");
      assertThat(fetched(with)).isEmpty();
    }
  }

  @Test
  void another_delivery_of_a_deployment_that_is_known_here_starts_nothing() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      with.deliver("other", Made.of(42, MADE));
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, Made.of(42, MADE));
      with.pass(LATER);

      with.round();

      assertThat(with.kept())
          .containsExactly("other webhook accepted", "g1 failed_delivery duplicate");
      assertThat(with.rows("select id from run")).hasSize(1);
    }
  }

  @Test
  void a_failed_delivery_waits_for_the_grace_to_be_over() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, Made.of(42, MADE));
      with.pass(Duration.ofMinutes(1));
      with.round();
      assertThat(fetched(with)).isEmpty();

      with.pass(LATER);
      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery accepted");
    }
  }

  @Test
  void a_failed_delivery_is_stale_beside_a_newer_deployment_of_its_environment() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      with.deliver("newer", Made.of(44, MADE.plusSeconds(9)));
      hasDeliveries(with, failed(2, "g2"), failed(1, "g1"));
      hasItem(with, 2, Made.of(43, MADE));
      hasItem(with, 1, Made.of(41, MADE).in("staging"));
      with.pass(LATER);

      with.round();

      assertThat(with.kept())
          .containsExactly(
              "newer webhook accepted", "g2 failed_delivery stale", "g1 failed_delivery accepted");
    }
  }

  @Test
  void what_is_too_old_or_from_before_the_repository_was_known_is_not_fetched() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      hasDeliveries(with, attempt(1, "g1", "timed out", ReconcileFixture.START.minusSeconds(60)));
      with.pass(LATER);
      with.round();
      hasDeliveries(with, failed(2, "g2"));
      with.pass(Duration.ofHours(24));

      with.round();

      assertThat(fetched(with)).isEmpty();
      assertThat(with.kept()).isEmpty();
    }
  }

  @Test
  void an_old_deployment_that_was_delivered_again_without_success_is_left_alone() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, Made.of(42, ReconcileFixture.START.minus(Duration.ofDays(2))));
      with.pass(LATER);

      with.round();
      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery foreign");
      assertThat(fetched(with)).hasSize(1);
    }
  }

  @Test
  void a_failed_delivery_whose_deployment_has_a_status_is_left_alone() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, Made.of(42, MADE));
      with.hasStatus(42, "https://other.example.com/1");
      with.pass(LATER);

      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery foreign");
    }
  }

  @Test
  void what_the_list_had_left_alone_stays_so() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      with.has(Made.of(42, MADE));
      with.hasStatus(42, "https://other.example.com/1");
      hasDeliveries(with, failed(1, "g1"));
      with.hub.put(
          DELIVERIES + "/1", "{\"request\":{\"payload\":" + Made.of(42, MADE).event() + "}}");
      with.pass(LATER);

      with.round();

      assertThat(with.kept())
          .containsExactly(
              "reconcile-127.0.0.1-42 reconcile foreign", "g1 failed_delivery foreign");
      assertThat(with.rows("select reason from delivery").getLast())
          .contains("list of deployments before");
    }
  }

  @Test
  void a_failed_delivery_that_no_route_took_is_not_started_by_a_route_that_is_added_later()
      throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      Made review = Made.of(42, MADE).in("review");
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, review);
      with.pass(LATER);
      with.round();
      with.has(review);
      with.routes("review");
      hasDeliveries(with, failed(2, "g2"), failed(1, "g1"));
      hasItem(with, 2, review);
      with.round();

      assertThat(with.kept())
          .containsExactly("g1 failed_delivery no_route", "g2 failed_delivery foreign");
    }
  }

  @Test
  void a_failed_delivery_of_what_the_webhook_turned_away_starts_nothing() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      Made review = Made.of(42, MADE).in("review");
      with.deliver("first", review);
      with.routes("review");
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, review);
      with.pass(LATER);

      with.round();

      assertThat(with.kept())
          .containsExactly("first webhook no_route", "g1 failed_delivery foreign");
    }
  }

  @Test
  void an_event_that_came_as_a_form_is_read_too() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, Made.of(42, MADE));
      String text = Made.of(42, MADE).event().replace("\"", "\\\"").replace("\n", "");
      with.hub.put(DELIVERIES + "/1", "{\"request\":{\"payload\":\"" + text + "\"}}");
      with.pass(LATER);

      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery accepted");
    }
  }

  @Test
  void a_delivery_that_cannot_be_read_now_is_read_in_the_next_round() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      hasDeliveries(with, failed(1, "g1"));
      hasItem(with, 1, Made.of(42, MADE));
      with.hub.refuse(DELIVERIES + "/1", 502);
      with.pass(LATER);
      with.round();
      assertThat(with.kept()).isEmpty();

      with.hub.refuse(DELIVERIES + "/1", 0);
      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery accepted");
    }
  }

  @Test
  void a_failed_delivery_that_is_too_large_to_be_read_holds_up_no_other() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      hasDeliveries(with, failed(2, "g2"), failed(1, "g1"));
      with.hub.put(DELIVERIES + "/2", "{\"x\":\"" + "a".repeat(5 << 20) + "\"}");
      hasItem(with, 1, Made.of(42, MADE));
      with.pass(LATER);

      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery accepted");
      with.hub.forget();
      with.round();
      assertThat(with.hub.counted).isEmpty();
    }
  }

  @Test
  void only_what_is_new_since_the_last_look_is_read_and_a_quiet_hook_costs_nothing()
      throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      String second = "/repositories/7/hooks/8/deliveries?cursor=v1";
      with.hub.link(
          DELIVERIES + "?per_page=100", "<" + with.hub.address() + second + ">; rel=\"next\"");
      with.hub.put("/repositories/7/hooks/8/deliveries", "[" + failed(1, "g1") + "]");
      hasItem(with, 1, Made.of(42, MADE));
      hasDeliveries(with, attempt(2, "g2", "OK", MADE.plusSeconds(2)));
      with.pass(LATER);
      with.round();
      assertThat(with.kept()).containsExactly("g1 failed_delivery accepted");
      with.hub.forget();
      with.round();
      assertThat(with.hub.counted).isEmpty();

      hasDeliveries(
          with,
          attempt(3, "g3", "OK", with.now.plusSeconds(2)),
          attempt(2, "g2", "OK", MADE.plusSeconds(2)));
      with.pass(LATER);
      with.round();

      assertThat(with.hub.calls).doesNotContain(second);
      assertThat(with.hub.counted).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void where_webhooks_cannot_be_seen_they_are_asked_for_once_a_day(int status) throws Exception {
    ListAppender<ILoggingEvent> logged = listen();
    try (ReconcileFixture with = new ReconcileFixture(SQLITE)) {
      with.hub.refuse(ReconcileFixture.HOOKS, status);
      for (int hour = 0; hour < 24; hour++) {
        with.round();
        with.pass(Duration.ofHours(1));
      }
      assertThat(with.hub.calls).filteredOn(call -> call.contains("/hooks")).hasSize(1);

      with.round();

      assertThat(with.hub.calls).filteredOn(call -> call.contains("/hooks")).hasSize(2);
      assertThat(logged.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .hasSize(2)
          .allMatch(
              said ->
                  said.startsWith("Failed deliveries of acme/web cannot be read")
                      && said.contains(" " + status + " (it takes the repository permission"));
    } finally {
      logger().detachAppender(logged);
      logger().setLevel(null);
    }
  }

  @Test
  void a_rate_limit_is_no_lack_of_permission() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE)) {
      with.hub.refuse(ReconcileFixture.HOOKS, 429);
      with.round();
      with.pass(LATER);

      with.round();

      assertThat(with.hub.calls).filteredOn(call -> call.contains("/hooks")).hasSize(2);
    }
  }

  @Test
  void a_hook_that_leads_elsewhere_is_not_read() throws Exception {
    try (ReconcileFixture with = withHook(SQLITE)) {
      with.hub.put(
          ReconcileFixture.HOOKS,
          "[{\"id\":9,\"config\":{\"url\":\"https://deploy.example.com.evil/webhooks/github\"}}]");
      with.pass(Duration.ofDays(1));

      with.round();

      assertThat(with.hub.calls).noneMatch(call -> call.contains("/deliveries"));
    }
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(FailedDeliveries.class);
  }

  private static ListAppender<ILoggingEvent> listen() {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger().setLevel(Level.INFO);
    logger().addAppender(logged);
    return logged;
  }
}
