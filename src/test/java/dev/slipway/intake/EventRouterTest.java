package dev.slipway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.intake.EventRouter.Routing;
import dev.slipway.model.Decision;
import dev.slipway.model.DestroyPolicy;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.ProtectionRules;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The decisions that need no database. */
class EventRouterTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Route ROUTE = route("default", RouteMatch.ANY);
  private static final Route PREVIEW =
      route("preview", new RouteMatch(Map.of(RouteMatch.Part.ENVIRONMENTS, List.of("preview"))));

  private static Route route(String name, RouteMatch match) {
    return new Route(name, match, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);
  }

  private static Routing decide(String event, Optional<String> host, String json, Route... routes) {
    return new EventRouter(List.of(routes))
        .route(
            new EventRouter.Sender("github.com", host),
            event,
            new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
            NOW);
  }

  private static Routing decide(ObjectNode event, Route... routes) {
    return decide("deployment", Optional.empty(), event.toString(), routes);
  }

  @Test
  void a_deployment_is_admitted_by_the_first_route_that_takes_it() {
    assertThat(decide(EventReaderTest.event(), PREVIEW, ROUTE))
        .isInstanceOfSatisfying(
            Routing.Admitted.class, admitted -> assertThat(admitted.route()).isEqualTo(ROUTE));
  }

  @Test
  void a_deployment_that_no_route_takes_is_turned_away_with_the_mismatch() {
    assertThat(decide(EventReaderTest.event(), PREVIEW))
        .isInstanceOfSatisfying(
            Routing.TurnedAway.class,
            turnedAway ->
                assertThat(turnedAway.decision())
                    .isInstanceOf(Decision.NoRoute.class)
                    .extracting(Decision::reason)
                    .asString()
                    .contains("preview"));
  }

  @Test
  void a_deployment_of_somebody_elses_workflow_is_turned_away_as_foreign() {
    ObjectNode event = EventReaderTest.event();
    event.putObject("workflow_run");

    assertThat(decide(event, ROUTE))
        .isInstanceOfSatisfying(
            Routing.TurnedAway.class,
            turnedAway -> assertThat(turnedAway.decision()).isInstanceOf(Decision.Foreign.class));
  }

  @Test
  void what_is_about_no_deployment_is_concluded() {
    assertThat(decide("push", Optional.empty(), "{}", ROUTE))
        .isInstanceOfSatisfying(
            Routing.Concluded.class,
            concluded ->
                assertThat(concluded.decision()).isInstanceOf(Decision.IgnoredEvent.class));
    assertThat(decide("deployment", Optional.empty(), "no JSON", ROUTE))
        .isInstanceOfSatisfying(
            Routing.Concluded.class,
            concluded -> assertThat(concluded.decision()).isInstanceOf(Decision.Invalid.class));
    assertThat(decide("ping", Optional.empty(), "{}", ROUTE))
        .isEqualTo(new Routing.Concluded(new Decision.Ping("the hook looks right")));
  }

  @Test
  void another_host_is_concluded_before_the_body_is_read() {
    assertThat(decide("deployment", Optional.of("ghe.example"), "no JSON", ROUTE))
        .isInstanceOfSatisfying(
            Routing.Concluded.class,
            concluded -> assertThat(concluded.decision()).isInstanceOf(Decision.NoRoute.class));
  }

  @Test
  void pull_requests_are_only_read_where_a_route_destroys_environments() {
    String closed =
        "{\"action\":\"closed\",\"pull_request\":{\"number\":12},"
            + "\"repository\":{\"full_name\":\"octo-org/hello-world\"}}";
    Route destroying =
        new Route(
            "destroying",
            RouteMatch.ANY,
            OriginPolicy.NONE,
            List.of("shell"),
            null,
            QueuePolicy.LATEST,
            ProtectionRules.NONE,
            new DestroyPolicy(List.of("shell"), false));

    assertThat(decide("pull_request", Optional.empty(), closed, ROUTE, destroying))
        .isInstanceOf(Routing.Closed.class);
    assertThat(decide("pull_request", Optional.empty(), closed, ROUTE))
        .isInstanceOfSatisfying(
            Routing.Concluded.class,
            concluded ->
                assertThat(concluded.decision()).isInstanceOf(Decision.IgnoredEvent.class));
    assertThat(
            new EventRouter(List.of(ROUTE))
                .ignore(new EventRouter.Sender("github.com", Optional.empty()), "pull_request"))
        .isPresent();
    assertThat(
            new EventRouter(List.of(destroying))
                .ignore(new EventRouter.Sender("github.com", Optional.empty()), "pull_request"))
        .isEmpty();
  }
}
