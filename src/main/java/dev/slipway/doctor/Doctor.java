package dev.slipway.doctor;

import dev.slipway.check.Check;
import dev.slipway.check.CheckResult;
import dev.slipway.check.CheckRunner;
import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.configuration.LogLinkConfig;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.http.BaseUrl;
import dev.slipway.http.Http;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.process.ProgramVersion;
import dev.slipway.secret.Redactor;
import dev.slipway.settings.FilePermissions;
import dev.slipway.store.StoreException;
import dev.slipway.store.StoreInspector;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Checks everything that a server with this configuration relies on: itself, its files, GitHub and
 * the targets. Reads only: starts no deploy, posts no status, and leaves no trace in the database.
 * No result holds a secret.
 */
public final class Doctor implements AutoCloseable {
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Configuration configuration;
  private final Time time;
  private final Http http;
  private final List<GithubHostChecks> githubHosts = new ArrayList<>();
  private final StoreInspector store;
  private final ServerCheck server;
  private final Redactor redactor;
  private final CheckRunner runner = new CheckRunner(LIMIT);

  /**
   * @param local the address at which a server with this configuration answers on this machine
   */
  public Doctor(Configuration configuration, URI local, Time time) {
    this.configuration = configuration;
    this.time = time;
    this.http = new Http(CALL, ProgramVersion.userAgent(), configuration.egress());
    this.redactor = new Redactor(configuration.secrets());
    for (GithubHostConfig host : configuration.githubHosts()) {
      Optional<String> label = githubHosts.isEmpty() ? Optional.empty() : Optional.of(host.host());
      githubHosts.add(new GithubHostChecks(host, label, CALL, redactor, time));
    }
    this.store =
        new StoreInspector(configuration.storage().databaseUrl(), configuration.storage().login());
    this.server = new ServerCheck(local, configuration.access().metricsToken(), http, store);
  }

  /** Checks all there is. */
  public List<CheckResult> examine() throws InterruptedException {
    AtomicReference<StoreInspector.Summary> known =
        new AtomicReference<>(StoreInspector.Summary.NOTHING);
    List<CheckResult> results = new ArrayList<>(run(here(known)));
    results.addAll(run(outside(known.get().repositories())));
    return results;
  }

  /** Checks what needs no server: GitHub and the targets. */
  public List<CheckResult> examineOutside() throws InterruptedException {
    return run(outside(List.of()));
  }

  private List<CheckResult> run(List<Check> checks) throws InterruptedException {
    return runner.run(checks).stream()
        .map(result -> result.shown(text -> redactor.redact(text).text()))
        .toList();
  }

  private List<Check> here(AtomicReference<StoreInspector.Summary> known) {
    return List.of(
        new Check("configuration", () -> configurationResults(ownWarnings())),
        new Check("secret files", () -> SecretFileCheck.results(configuration.secretFiles())),
        new Check(
            StorageCheck.SUBJECT,
            () -> List.of(new StorageCheck(configuration.storage()).result())),
        new Check(ServerCheck.SERVER, server::results),
        new Check(DeliveryCheck.PING, () -> deliveries(known)),
        new Check(
            PublicAddressCheck.SUBJECT,
            () ->
                List.of(
                    new PublicAddressCheck(configuration.server(), http, store, redactor)
                        .result())));
  }

  /** Without those that checks of their own tell: secret files, public address, credentials. */
  private List<String> ownWarnings() {
    List<String> ofFiles =
        configuration.secretFiles().stream()
            .flatMap(file -> FilePermissions.problem(file).stream())
            .toList();
    return configuration.warnings().stream()
        .filter(warning -> !warning.equals(LogLinkConfig.NO_PUBLIC_URL))
        .filter(warning -> ofFiles.stream().noneMatch(warning::endsWith))
        .filter(
            warning ->
                configuration.githubHosts().stream()
                    .noneMatch(host -> warning.equals(host.github().names().noCredential())))
        .toList();
  }

  private static List<CheckResult> configurationResults(List<String> warnings) {
    return warnings.isEmpty()
        ? List.of(new CheckResult.Ok("configuration", "is valid"))
        : warnings.stream()
            .<CheckResult>map(
                warning ->
                    new CheckResult.Warning(
                        "configuration", warning, "docs/configuration.md lists all settings"))
            .toList();
  }

  private List<CheckResult> deliveries(AtomicReference<StoreInspector.Summary> known) {
    if (!store.mayExist()) {
      return List.of();
    }
    try {
      List<String> hosts =
          configuration.githubHosts().stream().map(GithubHostConfig::host).toList();
      StoreInspector.Summary summary = store.read(hosts);
      known.set(summary);
      return new DeliveryCheck(configuration.webhookSecrets(), hosts)
          .results(summary, time.instant());
    } catch (StoreException e) {
      return List.of(new CheckResult.Skipped(DeliveryCheck.LAST, String.valueOf(e.getMessage())));
    }
  }

  private List<Check> outside(List<Repository> seen) {
    URI webhook = BaseUrl.of(configuration.server().publicUrl()).uri("/webhooks/github");
    List<Route> routes = configuration.routes().stream().map(RouteConfig::route).toList();
    List<Check> checks = new ArrayList<>();
    githubHosts.forEach(host -> checks.addAll(host.checks(routes, seen, webhook)));
    checks.addAll(targets());
    return checks;
  }

  private List<Check> targets() {
    ProviderCalls calls = new ProviderCalls(http, redactor);
    return configuration.routes().stream()
        .flatMap(
            route ->
                route.targets().stream()
                    .flatMap(
                        entry ->
                            entry
                                .target()
                                .checks(
                                    "%s of route %s".formatted(entry.name(), route.route().name()),
                                    calls,
                                    time)
                                .stream()))
        .toList();
  }

  @Override
  public void close() {
    githubHosts.forEach(GithubHostChecks::close);
    http.close();
  }
}
