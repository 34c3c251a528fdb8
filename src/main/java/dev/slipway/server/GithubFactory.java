package dev.slipway.server;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.github.AppRegistration;
import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.http.Http;
import dev.slipway.intake.Intake;
import dev.slipway.process.ProgramVersion;
import dev.slipway.reconcile.Reconciler;
import dev.slipway.report.DeploymentDeleter;
import dev.slipway.report.Posters;
import dev.slipway.report.Reporter;
import dev.slipway.secret.Redactor;
import dev.slipway.setup.AppRegistrations;
import dev.slipway.setup.SetupLinks;
import dev.slipway.store.GithubDeletions;
import dev.slipway.store.Outbox;
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
  GithubConnections githubConnections(Configuration configuration, Http http) {
    return new GithubConnections(configuration.githubHosts(), http, HTTP_TIMEOUT);
  }

  @Singleton
  GithubHosts githubHosts(
      Configuration configuration,
      GithubConnections connections,
      InstantSource clock,
      Redactor redactor) {
    return new GithubHosts(
        configuration.githubHosts().stream()
            .map(host -> new Github(host.github(), connections.of(host), clock, redactor))
            .toList());
  }

  @Singleton
  SetupLinks setupLinks(PublicAddress address, InstantSource clock) {
    return new SetupLinks(address::base, clock);
  }

  @Singleton
  AppRegistrations appRegistrations(
      Configuration configuration,
      GithubConnections connections,
      InstantSource clock,
      Redactor redactor) {
    return new AppRegistrations(
        configuration.githubHosts().stream()
            .map(
                host ->
                    new AppRegistration(
                        host.github(),
                        connections.of(host),
                        host.webhookSecrets().getFirst().secret(),
                        destroys(configuration, host),
                        clock,
                        redactor))
            .toList());
  }

  private static boolean destroys(Configuration configuration, GithubHostConfig host) {
    return configuration.routesInOrder().stream()
        .anyMatch(
            route -> route.destroyPolicy().destroys() && route.match().takesHost(host.host()));
  }

  @Singleton
  HostPosters hostPosters(
      Outboxes outboxes, GithubHosts githubHosts, LogUrls logUrls, InstantSource clock) {
    return new HostPosters(
        githubHosts.all().stream()
            .map(
                github -> {
                  Outbox outbox = outboxes.of(github.host());
                  Reporter reporter = new Reporter(outbox, github, logUrls, clock);
                  return new HostPosters.OfHost(
                      outbox, reporter, new Posters(reporter), github.hasCredential());
                })
            .toList());
  }

  @Singleton
  HostDeleters hostDeleters(
      GithubDeletions deletions, GithubHosts githubHosts, InstantSource clock) {
    return new HostDeleters(
        githubHosts.all().stream()
            .map(github -> new DeploymentDeleter(deletions, github, clock))
            .toList());
  }

  @Singleton
  HostReconcilers hostReconcilers(
      Configuration configuration,
      GithubHosts githubHosts,
      Intake intake,
      ReconcileState state,
      PublicAddress address,
      InstantSource clock) {
    return new HostReconcilers(
        githubHosts.all().stream()
            .map(
                github ->
                    new Reconciler(
                        github,
                        intake,
                        state,
                        configuration.reconcile().policy(address::base),
                        clock))
            .toList());
  }
}
