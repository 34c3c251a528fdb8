package dev.slipway.server;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed events that are not for us, or came before. */
class EventsIT {
  @TempDir static Path folder;
  private static CountedDeploys gate;

  @BeforeAll
  static void open() {
    gate = new CountedDeploys(folder);
  }

  @AfterAll
  static void nothingElseRan() {
    try (CountedDeploys last = gate) {
      last.ranExactlyWhatItAccepted();
    }
  }

  /** Answered and counted, and nothing is kept of it. */
  private static void ignores(RawDelivery parcel) {
    CountedDeploys.Kept before = gate.kept();
    gate.decides(parcel, 202, "ignored_event");
    org.assertj.core.api.Assertions.assertThat(gate.kept()).isEqualTo(before);
    gate.takesAGenuineOne();
  }

  /** Kept as a delivery with its decision, and nothing else comes of it. */
  private static void keepsOnlyTheDelivery(RawDelivery parcel, int status, String decision) {
    CountedDeploys.Kept before = gate.kept();
    gate.decides(parcel, status, decision);
    org.assertj.core.api.Assertions.assertThat(gate.kept())
        .isEqualTo(
            new CountedDeploys.Kept(before.deliveries() + 1, before.deployments(), before.runs()));
    gate.takesAGenuineOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "push",
        "deployment_status",
        "deployment_protection_rule",
        "unheard_of",
        "Deployment"
      })
  void another_event_is_ignored(String event) {
    ignores(RawDelivery.of(gate.fresh()).but("X-GitHub-Event", event));
  }

  @Test
  void a_status_of_ours_that_comes_back_starts_nothing() {
    String body =
        gate.fresh()
            .replace(
                "\"deployment\":",
                "\"deployment_status\":{\"id\":1,\"state\":\"success\"},\"deployment\":");
    ignores(RawDelivery.of(body).but("X-GitHub-Event", "deployment_status"));
  }

  @Test
  void another_action_is_ignored() {
    ignores(RawDelivery.of(gate.fresh().replace("\"created\"", "\"deleted\"")));
  }

  @Test
  void a_ping_is_answered_200() {
    keepsOnlyTheDelivery(
        RawDelivery.of("{\"zen\":\"Keep it logically awesome.\",\"hook\":{\"events\":[\"*\"]}}")
            .but("X-GitHub-Event", "ping"),
        200,
        "ping");
  }

  @Test
  void somebody_elses_automation_is_left_alone() {
    keepsOnlyTheDelivery(
        RawDelivery.of(
            gate.fresh()
                .replace(
                    "\"performed_via_github_app\":null",
                    "\"performed_via_github_app\":{\"slug\":\"render\"}")),
        202,
        "foreign");
    keepsOnlyTheDelivery(
        RawDelivery.of(
            gate.fresh().replace("\"workflow_run\":null", "\"workflow_run\":{\"id\":1}")),
        202,
        "foreign");
    keepsOnlyTheDelivery(
        RawDelivery.of(gate.fresh().replace("\"type\":\"User\"", "\"type\":\"Bot\"")),
        202,
        "foreign");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "é", "<script>", "deployment,ping"})
  void a_malformed_event_or_guid_is_refused(String value) {
    gate.refuses(RawDelivery.of(gate.fresh()).but("X-GitHub-Event", value), 400, "headers");
    gate.refuses(RawDelivery.of(gate.fresh()).but("X-GitHub-Delivery", value), 400, "headers");
  }

  @Test
  void a_missing_or_doubled_or_endless_event_or_guid_is_refused() {
    for (String name : new String[] {"X-GitHub-Event", "X-GitHub-Delivery"}) {
      gate.refuses(RawDelivery.of(gate.fresh()).without(name), 400, "headers");
      gate.refuses(RawDelivery.of(gate.fresh()).with(name, "ping"), 400, "headers");
      gate.refuses(RawDelivery.of(gate.fresh()).but(name, "a".repeat(4000)), 400, "headers");
    }
  }

  @Test
  void an_event_of_another_github_is_not_taken() {
    keepsOnlyTheDelivery(
        RawDelivery.of(gate.fresh()).but("X-GitHub-Enterprise-Host", "ghe.evil.example"),
        202,
        "no_route");
  }

  @Test
  void an_event_without_the_servers_host_is_not_taken() {
    keepsOnlyTheDelivery(
        RawDelivery.of(gate.fresh()).without("X-GitHub-Enterprise-Host"), 202, "no_route");
  }

  @Test
  void another_environment_or_repository_is_its_own_deployment() {
    gate.accepts(RawDelivery.of(gate.fresh().replace("\"production\"", "\"elsewhere\"")));
    gate.accepts(RawDelivery.of(gate.fresh().replace("octo-org/hello-world", "octo-org/other")));
  }

  @Test
  void a_delivery_that_comes_again_starts_nothing_new() {
    RawDelivery recorded = RawDelivery.of(gate.fresh());
    gate.accepts(recorded);
    long runs = gate.kept().runs();
    gate.decides(recorded, 202, "duplicate");
    gate.ranExactlyWhatItAccepted();
    gate.decides(recorded, 202, "duplicate");
    org.assertj.core.api.Assertions.assertThat(gate.kept().runs()).isEqualTo(runs);
    gate.takesAGenuineOne();
  }

  @Test
  void what_counts_is_the_deployment_and_not_the_guid() {
    String body = gate.fresh();
    gate.accepts(RawDelivery.of(body).but("X-GitHub-Delivery", "one-guid"));
    gate.decides(RawDelivery.of(body).but("X-GitHub-Delivery", "another-guid"), 202, "duplicate");
    gate.accepts(RawDelivery.of(gate.fresh()).but("X-GitHub-Delivery", "one-guid"));
    gate.decides(
        RawDelivery.of(body.replace("from chat", "changed")).but("X-GitHub-Delivery", "one-guid"),
        202,
        "duplicate");
  }

  @Test
  void a_deployment_recorded_longer_ago_than_deployments_are_kept_starts_nothing() {
    String old = gate.fresh().replace(SlipwayServer.CREATED_AT, "2024-11-21T10:00:00Z");
    keepsOnlyTheDelivery(RawDelivery.of(old), 202, "stale");
  }
}
