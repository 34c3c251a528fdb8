package dev.slipway.server;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.model.FreezeCalendar;
import dev.slipway.runlog.RunLog;
import dev.slipway.store.ApiTokens;
import dev.slipway.store.AuditLog;
import dev.slipway.store.CommitNotifier;
import dev.slipway.store.Database;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.EnvironmentLocks;
import dev.slipway.store.GithubDeletions;
import dev.slipway.store.Inbox;
import dev.slipway.store.InstanceId;
import dev.slipway.store.Logs;
import dev.slipway.store.Outboxes;
import dev.slipway.store.PollRequests;
import dev.slipway.store.ReceivedCallbacks;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.Retention;
import dev.slipway.store.Runs;
import dev.slipway.store.TransientEnvironments;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.Collectors;

/** Makes what reads and writes the database. {@link Server} opens that and registers it. */
@Factory
final class StoreFactory {
  private static final Duration LEASE = Duration.ofSeconds(20);

  @Singleton
  CommitNotifier commitNotifier(Database database) {
    return database.notifier();
  }

  /** Writes to the database once. */
  @Singleton
  InstanceId instanceId(Database database) {
    return InstanceId.of(database);
  }

  @Singleton
  Inbox inbox(Database database, Configuration configuration) {
    return new Inbox(database, configuration.logLinks().ttl());
  }

  @Singleton
  Outboxes outboxes(Database database, Configuration configuration) {
    return new Outboxes(
        database,
        LEASE,
        configuration.githubHosts().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    GithubHostConfig::host, GithubHostConfig::postLimits)));
  }

  @Singleton
  Runs runs(Database database, Configuration configuration) {
    return new Runs(
        database,
        LEASE,
        new FreezeCalendar(configuration.routes().stream().map(RouteConfig::route).toList()));
  }

  @Singleton
  PollRequests pollRequests(Database database) {
    return new PollRequests(database);
  }

  @Singleton
  EnvironmentLocks environmentLocks(Database database) {
    return new EnvironmentLocks(database);
  }

  @Singleton
  ApiTokens apiTokens(Database database) {
    return ApiTokens.of(database);
  }

  @Singleton
  AuditLog auditLog(Database database) {
    return new AuditLog(database);
  }

  @Singleton
  TransientEnvironments transientEnvironments(Database database) {
    return new TransientEnvironments(database);
  }

  @Singleton
  GithubDeletions githubDeletions(Database database) {
    return new GithubDeletions(database);
  }

  @Singleton
  Logs logs(Database database) {
    return new Logs(database);
  }

  @Singleton
  DeploymentQueries deploymentQueries(Database database) {
    return new DeploymentQueries(database);
  }

  @Singleton
  ReceivedCallbacks receivedCallbacks(Database database) {
    return new ReceivedCallbacks(database);
  }

  @Singleton
  ReconcileState reconcileState(Database database) {
    return new ReconcileState(database);
  }

  @Singleton
  Retention retention(Database database, Configuration configuration) {
    Retention.Periods periods = configuration.storage().periods();
    return new Retention(database, periods, RunLog.removalNotice(periods.logs()));
  }
}
