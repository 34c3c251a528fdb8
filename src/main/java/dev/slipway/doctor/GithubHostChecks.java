package dev.slipway.doctor;

import dev.slipway.check.Check;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.github.Github;
import dev.slipway.http.Http;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.process.ProgramVersion;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.time.Time;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks of one GitHub host: its API, the credential, repositories and their webhooks. */
final class GithubHostChecks implements AutoCloseable {
  private final GithubHostConfig config;
  private final Optional<String> label;
  private final Time time;
  private final Http http;
  private final Github github;
  private final ProviderMessages messages;

  /**
   * @param label stands before what is checked; empty for the host that is meant where none is
   *     named
   * @param limit of a call
   */
  GithubHostChecks(
      GithubHostConfig config,
      Optional<String> label,
      Duration limit,
      Redactor redactor,
      Time time) {
    Secret token = config.github().token();
    this.config = config;
    this.label = label;
    this.time = time;
    this.http = new Http(limit, ProgramVersion.userAgent(), config.egress());
    this.github = new Github(config.github(), http, time, redactor);
    this.messages =
        new ProviderMessages(
            "GitHub", token == null ? List.of() : List.of(token.reveal()), redactor);
  }

  /**
   * The checks.
   *
   * @param routes whose repositories are looked at, as far as they are named without a pattern
   * @param seen repositories whose deployments came in, of whatever host
   * @param webhook where the host's webhooks should lead
   */
  List<Check> checks(List<Route> routes, List<Repository> seen, URI webhook) {
    boolean destroys = routes.stream().anyMatch(this::destroys);
    AppCheck app = new AppCheck(github, webhook, destroys, messages);
    List<Check> checks =
        new ArrayList<>(new GithubApiCheck(config.github(), github, app, messages, time).checks());
    for (Repository repository : repositories(routes, seen)) {
      checks.add(new RepositoryCheck(repository, github, messages).check());
      checks.add(
          new WebhookCheck(
                  repository,
                  webhook,
                  !github.isApp() && destroys(routes, repository),
                  github,
                  messages,
                  time)
              .check());
    }
    return checks.stream().map(this::labelled).toList();
  }

  private boolean destroys(Route route) {
    return route.destroyPolicy().destroys() && route.match().takesHost(config.host());
  }

  private boolean destroys(List<Route> routes, Repository repository) {
    return routes.stream()
        .anyMatch(route -> destroys(route) && route.match().takesRepository(repository.fullName()));
  }

  private List<Repository> repositories(List<Route> routes, List<Repository> seen) {
    Map<String, Repository> all = new LinkedHashMap<>();
    Stream.concat(
            routes.stream()
                .filter(route -> route.match().takesHost(config.host()))
                .flatMap(route -> route.match().patterns(RouteMatch.Part.REPOSITORIES).stream())
                .filter(Repository::isFullName)
                .map(name -> new Repository(config.host(), 0, name)),
            seen.stream().filter(repository -> repository.host().equals(config.host())))
        .forEach(
            repository ->
                all.putIfAbsent(repository.fullName().toLowerCase(Locale.ROOT), repository));
    return List.copyOf(all.values());
  }

  private Check labelled(Check check) {
    return label
        .map(name -> name + ": ")
        .map(
            prefix ->
                new Check(
                    prefix + check.subject(),
                    () ->
                        check.probe().run().stream()
                            .map(result -> result.about(prefix + result.subject()))
                            .toList()))
        .orElse(check);
  }

  @Override
  public void close() {
    http.close();
  }
}
