package dev.slipway.server;

import dev.slipway.configuration.Configuration;
import dev.slipway.github.AppRegistration;
import dev.slipway.github.Github;
import dev.slipway.http.Http;
import dev.slipway.intake.Intake;
import dev.slipway.process.ProgramVersion;
import dev.slipway.reconcile.Reconciler;
import dev.slipway.report.DeploymentDeleter;
import dev.slipway.report.Posters;
import dev.slipway.report.Reporter;
import dev.slipway.secret.Redactor;
import dev.slipway.setup.SetupLinks;
import dev.slipway.store.GithubDeletions;
import dev.slipway.store.Outboxes;
import dev.slipway.store.ReconcileState;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/** Makes the client of GitHub, and what posts statuses and looks for missed deliveries with it. */
@Factory
final class GithubFactory {
  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(15);

  @Singleton
  Http http(Configuration configuration) {
    return new Http(HTTP_TIMEOUT, ProgramVersion.userAgent(), configuration.egress());
  }

  @Singleton
  Github github(Configuration configuration, Http http, InstantSource clock, Redactor redactor) {
    return new Github(configuration.github(), http, clock, redactor::hide);
  }

  @Singleton
  SetupLinks setupLinks(PublicAddress address, InstantSource clock) {
    return new SetupLinks(address::base, clock);
  }

  @Singleton
  AppRegistration appRegistration(
      Configuration configuration, Http http, InstantSource clock, Redactor redactor) {
    return new AppRegistration(
        configuration.github(),
        http,
        configuration.webhookSecrets().getFirst().secret(),
        configuration.routesInOrder().stream().anyMatch(route -> route.destroyPolicy().destroys()),
        clock,
        redactor::hide);
  }

  @Singleton
  Reporter reporter(Outboxes outboxes, Github github, LogUrls logUrls, InstantSource clock) {
    return new Reporter(outboxes.of(github.host()), github, logUrls, clock);
  }

  @Singleton
  Posters posters(Reporter reporter) {
    return new Posters(reporter);
  }

  @Singleton
  DeploymentDeleter deploymentDeleter(
      GithubDeletions deletions, Github github, InstantSource clock) {
    return new DeploymentDeleter(deletions, github, clock);
  }

  @Singleton
  Reconciler reconciler(
      Configuration configuration,
      Github github,
      Intake intake,
      ReconcileState state,
      PublicAddress address,
      InstantSource clock) {
    return new Reconciler(
        github, intake, state, configuration.reconcile().policy(address::base), clock);
  }
}
