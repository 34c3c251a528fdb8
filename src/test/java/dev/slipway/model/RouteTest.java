package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.RouteMatch.Part;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static final RouteMatch PRODUCTION =
      new RouteMatch(Map.of(Part.ENVIRONMENTS, List.of("production")));

  private static Route route(String name, RouteMatch match, @Nullable String queueKey) {
    return new Route(
        name, match, OriginPolicy.NONE, List.of("shell"), queueKey, QueuePolicy.LATEST);
  }

  private static Deployment deployment(
      String repository, @Nullable Long id, String ref, String environment, String creator) {
    return new Deployment(
        repository.isEmpty() ? Repository.NONE : new Repository("github.com", 7, repository),
        id,
        null,
        ref,
        new Environment(environment, false, false),
        "deploy",
        "{}",
        "",
        creator,
        Instant.EPOCH);
  }

  private static Deployment deployment(String ref, String environment, String creator) {
    return deployment("acme/web", 42L, ref, environment, creator);
  }

  @Test
  void the_objection_names_the_first_thing_that_does_not_match_and_its_setting() {
    RouteMatch match =
        new RouteMatch(
            Map.of(
                Part.CREATORS,
                List.of("mia"),
                Part.REFS,
                List.of("main", "release/*"),
                Part.ENVIRONMENTS,
                List.of("production")));

    assertThat(route("web", match, null).objection(deployment("x", "staging", "eve")))
        .contains(
            "route \"web\" does not take environment \"staging\", only production"
                + " (match.environments)");
    assertThat(route("web", match, null).objection(deployment("x", "production", "eve")))
        .contains("route \"web\" does not take ref \"x\", only main, release/* (match.refs)");
    assertThat(route("web", match, null).objection(deployment("main", "production", "eve")))
        .contains("route \"web\" does not take creator \"eve\", only mia (match.creators)");
    assertThat(route("web", match, null).objection(deployment("release/2", "Production", "Mia")))
        .isEmpty();
    assertThat(route(Route.DEFAULT, PRODUCTION, null).objection(deployment("x", "pr-12", "mia")))
        .contains(
            "route \"default\" does not take environment \"pr-12\", only production"
                + " (SLIPWAY_ENVIRONMENTS)");
  }

  @Test
  void an_order_without_a_repository_has_only_an_environment_and_a_task() {
    RouteMatch match =
        new RouteMatch(
            Map.of(
                Part.REPOSITORIES, List.of("acme/*"),
                Part.REFS, List.of("main"),
                Part.CREATORS, List.of("mia"),
                Part.ENVIRONMENTS, List.of("production")));

    assertThat(route("web", match, null).objection(deployment("", null, "", "production", "API")))
        .isEmpty();
    assertThat(route("web", match, null).objection(deployment("", null, "", "staging", "API")))
        .isPresent();
  }

  @Test
  void an_order_of_the_api_is_nobodys_on_github() {
    RouteMatch match = new RouteMatch(Map.of(Part.CREATORS, List.of("mia")));

    assertThat(route("web", match, null).objection(deployment("acme/web", null, "x", "p", "API")))
        .isEmpty();
  }

  @Test
  void a_queue_key_is_one_queue_for_everything() {
    Route one = route(Route.DEFAULT, PRODUCTION, Route.DEFAULT);

    assertThat(one.queueKey(deployment("main", "production", "mia")))
        .isEqualTo(one.queueKey(deployment("acme/other", 43L, "x", "staging", "mia")))
        .isEqualTo(one.queueKey(deployment("", null, "", "production", "API")));
  }

  @Test
  void without_a_queue_key_the_default_route_has_a_queue_for_each_environment() {
    Route each = route(Route.DEFAULT, RouteMatch.ANY, null);

    assertThat(each.queueKey(deployment("main", "production", "mia")))
        .isEqualTo(each.queueKey(deployment("", null, "", "Production", "API")))
        .isNotEqualTo(each.queueKey(deployment("main", "staging", "mia")));
  }

  @Test
  void without_a_queue_key_another_route_has_one_for_each_environment_of_a_repository() {
    Route each = route("web", RouteMatch.ANY, null);

    assertThat(each.queueKey(deployment("main", "production", "mia")))
        .isEqualTo(each.queueKey(deployment("Acme/Web", 43L, "main", "PRODUCTION", "mia")))
        .isNotEqualTo(each.queueKey(deployment("acme/other", 44L, "main", "production", "mia")));
  }

  @Test
  void a_repository_of_one_name_at_two_hosts_shares_a_queue_where_the_target_is_one_for_all() {
    Deployment here = deployment("main", "production", "mia");
    Deployment there =
        new Deployment(
            new Repository("github.example.com", 7, "acme/web"),
            42L,
            null,
            "main",
            here.environment(),
            "deploy",
            "{}",
            "",
            "mia",
            Instant.EPOCH);

    Route ofFile = route("web", RouteMatch.ANY, null);
    Route ofVariables = route(Route.DEFAULT, RouteMatch.ANY, null);

    assertThat(ofFile.queueKey(there)).isNotEqualTo(ofFile.queueKey(here));
    assertThat(ofVariables.queueKey(there)).isEqualTo(ofVariables.queueKey(here));
  }
}
