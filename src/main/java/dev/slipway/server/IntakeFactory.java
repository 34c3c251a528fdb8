package dev.slipway.server;

import dev.slipway.api.ApiAccess;
import dev.slipway.api.RenderWebhook;
import dev.slipway.configuration.Configuration;
import dev.slipway.control.ChatOpsCommands;
import dev.slipway.control.DeployService;
import dev.slipway.control.DeploymentControl;
import dev.slipway.control.EnvironmentPruner;
import dev.slipway.control.LockService;
import dev.slipway.control.NotificationControl;
import dev.slipway.control.ReleaseService;
import dev.slipway.github.GithubHosts;
import dev.slipway.github.PullRequests;
import dev.slipway.intake.Intake;
import dev.slipway.metrics.MetricsAccess;
import dev.slipway.refusal.Refusals;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Database;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.EnvironmentLocks;
import dev.slipway.store.Inbox;
import dev.slipway.store.Notifications;
import dev.slipway.store.Releases;
import dev.slipway.store.TransientEnvironments;
import dev.slipway.targets.render.RenderApiConfig;
import dev.slipway.webhook.WebhookHandler;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Makes what decides who is let in, and what accepts deliveries and orders. */
@Factory
final class IntakeFactory {
  @Singleton
  Refusals refusals(InstantSource clock) {
    return new Refusals(clock);
  }

  @Singleton
  ApiAccess apiAccess(Configuration configuration) {
    return new ApiAccess(configuration.access().apiToken());
  }

  @Singleton
  RenderWebhook renderWebhook(Configuration configuration) {
    return new RenderWebhook(
        configuration.access().renderWebhookSecret(), RenderApiConfig::destination);
  }

  @Singleton
  MetricsAccess metricsAccess(Configuration configuration) {
    return new MetricsAccess(configuration.access().metricsToken());
  }

  @Singleton
  Intake intake(Configuration configuration, Inbox inbox, Redactor redactor, InstantSource clock) {
    return new Intake(
        inbox,
        configuration.routesInOrder(),
        configuration.storage().periods().deployments(),
        text -> redactor.redact(text).text(),
        clock);
  }

  @Singleton
  WebhookHandler webhookHandler(
      Configuration configuration, Intake intake, Refusals refusals, InstantSource clock) {
    return new WebhookHandler(configuration.webhookSecrets(), intake, refusals, clock);
  }

  @Singleton
  DeployService deployService(
      Intake intake, GithubHosts githubHosts, Redactor redactor, InstantSource clock) {
    return new DeployService(intake, githubHosts, redactor, clock);
  }

  @Singleton
  ChatOpsCommands chatOpsCommands(
      LockService locks,
      ReleaseService releases,
      DeploymentControl control,
      DeploymentQueries deployments,
      Redactor redactor,
      GithubHosts githubHosts) {
    return new ChatOpsCommands(
        locks, releases, control, deployments, redactor, githubHosts.all().size() == 1);
  }

  @Singleton
  ReleaseService releaseService(
      DeployService orders, Database database, GithubHosts githubHosts, Redactor redactor) {
    return new ReleaseService(orders, new Releases(database), githubHosts, redactor);
  }

  @Singleton
  LockService lockService(
      EnvironmentLocks locks, Inbox inbox, Redactor redactor, InstantSource clock) {
    return new LockService(locks, inbox, redactor, clock);
  }

  @Singleton
  EnvironmentPruner environmentPruner(
      TransientEnvironments environments,
      Intake intake,
      GithubHosts githubHosts,
      Redactor redactor,
      InstantSource clock) {
    return new EnvironmentPruner(
        environments, intake, new PullRequests(githubHosts), redactor, clock);
  }

  @Singleton
  NotificationControl notificationControl(
      Notifications notifications, Redactor redactor, InstantSource clock) {
    return new NotificationControl(notifications, redactor, clock);
  }

  @Singleton
  DeploymentControl deploymentControl(
      Intake intake, DeploymentQueries deployments, Redactor redactor, InstantSource clock) {
    return new DeploymentControl(intake, deployments, redactor, clock);
  }
}
