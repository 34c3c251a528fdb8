package dev.slipway.server;

import dev.slipway.configuration.Configuration;
import dev.slipway.control.ChatOpsCommands;
import dev.slipway.control.ChatOpsTarget;
import dev.slipway.github.GithubHosts;
import dev.slipway.http.Http;
import dev.slipway.model.Route;
import dev.slipway.run.RouteTargets;
import dev.slipway.run.StartGate;
import dev.slipway.run.Worker;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Logs;
import dev.slipway.store.Notifications;
import dev.slipway.store.Outboxes;
import dev.slipway.store.Retention;
import dev.slipway.store.Runs;
import dev.slipway.targets.StartExecutor;
import dev.slipway.targets.Target;
import dev.slipway.time.SystemTime;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the worker and the targets of its runs, and what sees to their logs and remains. */
@Factory
final class RunFactory {
  private static final String RUNS = "runs";

  /** Differs from the time of all others while the clock was set and runs are in work. */
  @Singleton
  @Named(RUNS)
  SystemTime runTime() {
    return new SystemTime();
  }

  @Singleton
  ClockStepMonitor clockStepMonitor(
      SystemTime calendar,
      @Named(RUNS) SystemTime runTime,
      Outboxes outboxes,
      Notifications notifications) {
    return new ClockStepMonitor(calendar, runTime, outboxes, notifications);
  }

  @Singleton
  Redactor redactor(Configuration configuration) {
    return new Redactor(configuration.secrets());
  }

  @Singleton
  RunLog runLog(Configuration configuration, Logs logs, Redactor redactor, InstantSource clock) {
    return new RunLog(logs, redactor, clock, configuration.runs().providerLog());
  }

  @Singleton
  StartGate startGate(
      Configuration configuration, DeploymentQueries deployments, GithubHosts githubHosts) {
    return new OlderCommitGate(configuration.routes(), deployments, githubHosts);
  }

  @Singleton
  RouteTargets routeTargets(
      Configuration configuration,
      Http http,
      Redactor redactor,
      StoredCallbacks callbacks,
      Runs runs,
      StartGate gate,
      ChatOpsCommands chatOps,
      @Named(RUNS) SystemTime runTime) {
    Map<String, List<Target>> targets =
        new HashMap<>(
            new TargetFactory(
                    http,
                    redactor,
                    runTime,
                    callbacks,
                    (attempt, id) ->
                        runs.isAcceptedByAnother(attempt.deploymentId(), attempt.run(), id))
                .targets(configuration.routes()));
    targets.put(Route.CHATOPS, List.of(new ChatOpsTarget(chatOps)));
    return new RouteTargets(
        targets,
        new StartExecutor(http::send, runTime),
        gate,
        configuration.runs().commandsAtOnce());
  }

  @Singleton
  Worker worker(
      Runs runs,
      RouteTargets targets,
      RunLog runLog,
      Redactor redactor,
      @Named(RUNS) SystemTime runTime,
      InstantSource calendar) {
    return new Worker(
        runs, targets, runLog, redactor, runTime, calendar, UUID.randomUUID().toString());
  }

  @Singleton
  Sweeper sweeper(Configuration configuration, Retention retention, SystemTime time) {
    return new Sweeper(
        retention,
        configuration.routes().stream()
            .flatMap(
                route ->
                    Stream.concat(
                        route.allTargets().flatMap(entry -> entry.target().runDirectory().stream()),
                        route.after().stream().map(after -> after.config().runs())))
            .collect(Collectors.toSet()),
        time);
  }
}
