package dev.slipway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.AttemptLimits;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.secret.Secret;
import dev.slipway.targets.command.SshConfig;
import dev.slipway.targets.command.SshType;
import dev.slipway.targets.qovery.ConfiguredQovery;
import dev.slipway.targets.qovery.QoveryAccount;
import dev.slipway.targets.qovery.QoveryConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DestinationCheckTest {
  private static final Duration TIME = Duration.ofMinutes(1);
  private static final AttemptLimits LIMITS = new AttemptLimits(TIME, TIME, TIME, TIME);

  private static RouteConfig route(
      String name, @Nullable String queueKey, RouteConfig.Entry... targets) {
    return route(name, match(List.of("acme/web"), List.of("production")), queueKey, targets);
  }

  private static RouteMatch match(List<String> repositories, List<String> environments) {
    return new RouteMatch(
        Map.of(
            RouteMatch.Part.REPOSITORIES,
            repositories,
            RouteMatch.Part.ENVIRONMENTS,
            environments));
  }

  private static RouteConfig route(
      String name, RouteMatch match, @Nullable String queueKey, RouteConfig.Entry... targets) {
    List<String> chain = Stream.of(targets).map(RouteConfig.Entry::name).toList();
    return new RouteConfig(
        new Route(name, match, OriginPolicy.NONE, chain, queueKey, QueuePolicy.LATEST),
        List.of(targets));
  }

  private static RouteConfig.Entry ssh(String host, int port) {
    Path file = Path.of("file");
    return new RouteConfig.Entry(
        "ssh",
        new SshType.Configured(
            new SshConfig(host, port, "user", file, file, "true", TIME, TIME, LIMITS)));
  }

  private static RouteConfig.Entry application(String id) {
    QoveryAccount account =
        new QoveryAccount(URI.create("https://api.qovery.com"), new Secret("qov_secret"), "token");
    return new RouteConfig.Entry(
        "application", new ConfiguredQovery(QoveryConfig.application(account, id, LIMITS)));
  }

  @Test
  void one_server_and_two_queues_are_warned_of() {
    assertThat(
            DestinationCheck.warnings(
                List.of(
                    route("one", null, ssh("Example.com", 22)),
                    route("two", null, application("3C90C3CC"), ssh("example.com", 22)),
                    route("three", "qovery", application("3c90c3cc")),
                    route("four", null, ssh("example.com", 2222)))))
        .containsExactly(
            "routes \"one\" and \"two\" lead to server example.com port 22 without a common queue-key, so"
                + " they can deploy there at the same time: give them the same queue-key",
            "routes \"two\" and \"three\" lead to Qovery application 3c90c3cc without a common queue-key,"
                + " so they can deploy there at the same time: give them the same queue-key");
  }

  @Test
  void a_common_queue_key_is_enough() {
    assertThat(
            DestinationCheck.warnings(
                List.of(
                    route("one", "shared", ssh("example.com", 22)),
                    route("two", "shared", ssh("example.com", 22)))))
        .isEmpty();
  }

  @Test
  void a_route_that_takes_several_environments_to_one_service_is_warned_of() {
    List<String> web = List.of("acme/web");
    List<String> production = List.of("production");
    assertThat(
            DestinationCheck.warnings(
                List.of(
                    route("any", match(web, List.of()), null, ssh("a.example", 22)),
                    route("two", match(web, List.of("production", "qa")), null, application("1")),
                    route("all", match(List.of("acme/*"), production), null, application("2")),
                    route("none", RouteMatch.ANY, null, application("3")))))
        .containsExactly(
            "route \"any\" leads to server a.example port 22 for several environments without a"
                + " queue-key, so they can deploy there at the same time: give it a queue-key",
            "route \"two\" leads to Qovery application 1 for several environments without a queue-key, so"
                + " they can deploy there at the same time: give it a queue-key",
            "route \"all\" leads to Qovery application 2 for several repositories without a queue-key, so"
                + " they can deploy there at the same time: give it a queue-key",
            "route \"none\" leads to Qovery application 3 for several repositories and environments"
                + " without a queue-key, so they can deploy there at the same time: give it a queue-key");
  }

  @Test
  void a_queue_key_or_one_environment_of_one_repository_is_enough() {
    assertThat(
            DestinationCheck.warnings(
                List.of(
                    route("locked", RouteMatch.ANY, "mine", application("1")),
                    route("one", null, application("2")),
                    route(Route.DEFAULT, RouteMatch.ANY, null, application("3")))))
        .isEmpty();
  }

  @Test
  void a_chain_that_names_a_service_twice_is_one_route() {
    assertThat(
            DestinationCheck.warnings(
                List.of(route("one", null, ssh("example.com", 22), ssh("example.com", 22)))))
        .isEmpty();
  }
}
