package dev.slipway.server;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.http.BaseUrl;
import dev.slipway.http.Http;
import dev.slipway.intake.EventRouter;
import dev.slipway.model.Attempt;
import dev.slipway.model.CleanText;
import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.PullRequest;
import dev.slipway.model.Route;
import dev.slipway.process.ProgramVersion;
import dev.slipway.secret.Redactor;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import dev.slipway.time.Time;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Says what a configuration would make of a {@code deployment} event. Sends nothing, starts nothing
 * and opens no database.
 */
public final class Simulation {
  private static final String DEPENDS_ON_THE_SERVER =
      """
      The rest depends on what the server has: a deployment that it knows is not started again, one
      that is too old or older than what was removed is not started, and one that waits or runs in
      the same queue comes first or is replaced, as the route says. Locks and freeze windows hold it,
      and gates.after refuses a commit that is not live in the environment before.
      """;

  private final Configuration configuration;
  private final Redactor redactor;
  private final Time time;

  public Simulation(Configuration configuration, Time time) {
    this.configuration = configuration;
    this.redactor = new Redactor(configuration.secrets());
    this.time = time;
  }

  /**
   * What a simulation printed.
   *
   * @param isUnderstood whether there was an event to decide about
   * @param text several lines for an operator, without secrets
   */
  public record Result(boolean isUnderstood, String text) {}

  /**
   * Tells what the event would lead to, and changes nothing.
   *
   * @param event the body of the event, as JSON
   * @param host the GitHub host that sends it; empty for that of the event's own address, or the
   *     first one where the event has none
   */
  public Result run(byte[] event, Optional<String> host) {
    return switch (route(event, host)) {
      case EventRouter.Routing.Closed(PullRequest closed, _) ->
          result(
              true,
              "Decision: %s, if transient environments belong to %s\n"
                  .formatted(Decision.Kind.DESTROYING.code(), closed.name()));
      case EventRouter.Routing.Concluded(Decision decision) ->
          result(!(decision instanceof Decision.Invalid), decided(decision));
      case EventRouter.Routing.TurnedAway(Deployment deployment, Decision decision) ->
          result(true, describe(deployment) + decided(decision));
      case EventRouter.Routing.Admitted(Deployment deployment, Route route) ->
          result(true, describe(deployment) + admitted(deployment, route));
    };
  }

  private EventRouter.Routing route(byte[] event, Optional<String> host) {
    if (host.isPresent()) {
      return routeOf(event, host.get());
    }
    return hosts().stream()
        .map(candidate -> routeOf(event, candidate))
        .filter(routing -> !isElsewhere(routing))
        .findFirst()
        .orElseGet(() -> routeOf(event, hosts().getFirst()));
  }

  private List<String> hosts() {
    return configuration.githubHosts().stream().map(GithubHostConfig::host).toList();
  }

  private EventRouter.Routing routeOf(byte[] event, String host) {
    return new EventRouter(configuration.routesInOrder())
        .route(
            new EventRouter.Sender(host, Optional.of(host)),
            "deployment",
            new ByteArrayInputStream(event),
            time.instant());
  }

  private static boolean isElsewhere(EventRouter.Routing routing) {
    return routing instanceof EventRouter.Routing.Concluded(Decision.NoRoute _);
  }

  private Result result(boolean isUnderstood, String text) {
    return new Result(
        isUnderstood,
        redactor
            .redact(text)
            .text()
            .lines()
            .map(line -> (line.startsWith("  ") ? "  " : "") + CleanText.line(line))
            .collect(Collectors.joining("\n", "", "\n")));
  }

  private static String decided(Decision decision) {
    return "Decision: %s, %s\n"
        .formatted(decision.kind().code(), CleanText.line(decision.reason()));
  }

  private String describe(Deployment deployment) {
    return "Deployment: %d of %s%s to %s, %s of %s, task %s\n"
        .formatted(
            deployment.githubId(),
            deployment.repository().fullName(),
            hosts().size() == 1 ? "" : " at " + deployment.repository().host(),
            CleanText.line(deployment.environment().name()),
            CleanText.line(deployment.shortSha()),
            CleanText.line(deployment.ref()),
            CleanText.line(deployment.task()));
  }

  private String admitted(Deployment deployment, Route route) {
    Optional<String> gate = route.protection().gates().objection(deployment);
    if (gate.isPresent()) {
      return decided(new Decision.Gated(0, gate.get()));
    }
    StringBuilder text = new StringBuilder();
    text.append(
            "Decision: %s, if it is new to the server\n".formatted(Decision.Kind.ACCEPTED.code()))
        .append(
            "Route: %s, queue policy %s\n"
                .formatted(route.name(), route.queuePolicy().mode().code()))
        .append("Chain: %s\n".formatted(String.join(", then ", route.chain())));
    try (Http http =
        new Http(Duration.ofSeconds(1), ProgramVersion.userAgent(), configuration.egress())) {
      for (Target target : targets(http, route)) {
        text.append('\n').append(describe(target, deployment));
        target.close();
      }
    }
    return text.append('\n').append(DEPENDS_ON_THE_SERVER).toString();
  }

  private List<Target> targets(Http http, Route route) {
    return new TargetFactory(
            http,
            redactor,
            time,
            new SimulatedCallbacks(BaseUrl.of(configuration.server().publicUrl()).toString()),
            AcceptedDeploys.NONE)
        .targets(configuration.routes())
        .getOrDefault(route.name(), List.of());
  }

  private String describe(Target target, Deployment deployment) {
    PreparedStart start =
        target.preview(new Attempt(deployment, 0, 1, target.name(), time.instant(), null));
    StringJoiner lines = new StringJoiner("\n  ", target.name() + "\n  ", "\n");
    start.notes().forEach(lines::add);
    start.description().lines().forEach(lines::add);
    return lines.toString();
  }
}
