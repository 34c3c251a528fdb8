package dev.slipway.reconcile;

import static dev.slipway.store.TestDatabases.SQLITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.reconcile.ReconcileFixture.Made;
import dev.slipway.store.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the webhook of the GitHub App failed to deliver. */
class AppDeliveriesTest {
  private static final Duration LATER = Duration.ofMinutes(5);
  private static final Instant MADE = ReconcileFixture.START.plusSeconds(30);
  private static final String CONFIG = "/app/hook/config";
  private static final String DELIVERIES = "/app/hook/deliveries";

  private static ReconcileFixture asApp(TestDatabases kind) throws Exception {
    return asApp(kind, "acme/web");
  }

  private static ReconcileFixture asApp(TestDatabases kind, String repository) throws Exception {
    ReconcileFixture with = ReconcileFixture.asApp(kind, repository);
    with.hub.put(CONFIG, "{\"url\":\"https://deploy.example.com/webhooks/github\"}");
    with.hub.put(DELIVERIES, "[]");
    return with.looked();
  }

  private static void failed(ReconcileFixture with, long id, String guid, String event) {
    with.hub.put(
        DELIVERIES,
        """
        [{"id":%d,"guid":"%s","status":"timed out","event":"deployment","delivered_at":"%s"},
        {"id":1,"guid":"p","status":"timed out","event":"push","delivered_at":"%s"}]\
        """
            .formatted(id, guid, MADE.plusSeconds(1), MADE));
    with.hub.put(
        DELIVERIES + "/" + id,
        "{\"request\":{\"headers\":{\"X-GitHub-Hook-ID\":\"77\"},\"payload\":%s}}"
            .formatted(event));
  }

  private static List<String> appCalls(ReconcileFixture with) {
    return with.hub.calls.stream().filter(call -> call.startsWith("/app/hook")).toList();
  }

  @ParameterizedTest
  @EnumSource
  void a_failed_delivery_of_the_app_is_taken_once(TestDatabases kind) throws Exception {
    try (ReconcileFixture with = asApp(kind)) {
      with.hub.put(ReconcileFixture.WEB + "/42/statuses", "[]");
      failed(with, 5, "g1", Made.of(42, MADE).event());
      with.pass(LATER);

      with.round();
      with.round();

      assertThat(with.kept()).containsExactly("g1 failed_delivery accepted");
      assertThat(with.rows("select hook from delivery")).containsExactly("77");
      assertThat(with.rows("select github_id from deployment")).containsExactly("42");
      assertThat(appCalls(with))
          .containsExactly(
              DELIVERIES + "?per_page=100", DELIVERIES + "/5", DELIVERIES + "?per_page=100");
      assertThat(with.hub.calls).noneMatch(call -> call.startsWith(ReconcileFixture.HOOKS));
    }
  }

  @Test
  void what_is_older_than_what_is_known_of_the_app_or_its_repository_is_left_alone()
      throws Exception {
    try (ReconcileFixture with = asApp(SQLITE, "acme/*")) {
      with.hub.put(ReconcileFixture.WEB + "/41/statuses", "[]");
      failed(with, 5, "g1", Made.of(41, ReconcileFixture.START.minusSeconds(9)).event());
      with.pass(LATER);
      with.round();
      with.hub.put(ReconcileFixture.WEB + "/42/statuses", "[]");
      failed(with, 6, "g2", Made.of(42, MADE).event());
      with.round();
      assertThat(with.kept())
          .containsExactly("g1 failed_delivery foreign", "g2 failed_delivery accepted");
    }
    try (ReconcileFixture with = asApp(SQLITE)) {
      with.change("update reconcile_repository set since = since + 3600000");
      failed(with, 5, "g1", Made.of(42, MADE).event());
      with.pass(LATER);
      with.round();
      assertThat(with.kept()).containsExactly("g1 failed_delivery foreign");
    }
  }

  @Test
  void an_app_whose_webhook_leads_elsewhere_is_left_alone_for_a_day() throws Exception {
    try (ReconcileFixture with = ReconcileFixture.asApp(SQLITE, "acme/web")) {
      with.hub.put(CONFIG, "{\"url\":\"https://other.example.com/webhooks/github\"}");
      with.hub.put(DELIVERIES, "[]");

      with.round();
      with.round();
      assertThat(appCalls(with)).containsExactly(CONFIG);

      with.hub.put(CONFIG, "{\"url\":\"https://deploy.example.com/webhooks/github\"}");
      with.pass(Duration.ofDays(1));
      with.round();
      assertThat(appCalls(with)).containsExactly(CONFIG, CONFIG, DELIVERIES + "?per_page=100");
    }
  }

  @Test
  void deliveries_that_the_app_may_not_see_are_asked_for_once_a_day() throws Exception {
    try (ReconcileFixture with = asApp(SQLITE)) {
      with.hub.refuse(DELIVERIES, 404);

      with.round();
      with.round();

      assertThat(appCalls(with)).containsExactly(DELIVERIES + "?per_page=100");
    }
  }
}
