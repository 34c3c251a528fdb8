package dev.slipway.configuration;

import dev.slipway.github.GithubConfig;
import dev.slipway.http.EgressConfig;
import dev.slipway.model.Route;
import dev.slipway.notification.OutgoingWebhook;
import dev.slipway.secret.Secret;
import dev.slipway.webhook.NamedSecret;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that can be set, checked.
 *
 * @param githubHosts the GitHub hosts, the first of which is meant where none is named
 * @param egress how calls to Render, Qovery and the first GitHub host leave this machine
 * @param reconcile how GitHub is asked for what it could not deliver
 * @param outgoingWebhooks what is told of statuses, besides GitHub
 * @param secrets every secret among the settings, for those who have to hide them
 * @param secretFiles the files that hold some of them
 * @param warnings what is allowed but probably not meant
 */
public record Configuration(
    ServerConfig server,
    AccessConfig access,
    StorageConfig storage,
    List<GithubHostConfig> githubHosts,
    EgressConfig egress,
    LogLinkConfig logLinks,
    RunConfig runs,
    List<RouteConfig> routes,
    ReconcileConfig reconcile,
    List<OutgoingWebhook> outgoingWebhooks,
    List<Secret> secrets,
    List<Path> secretFiles,
    List<String> warnings) {

  /** The first GitHub host. */
  public GithubConfig github() {
    return githubHosts.getFirst().github();
  }

  /** What all GitHub hosts may sign deliveries with, those of the first one first. */
  public List<NamedSecret> webhookSecrets() {
    return githubHosts.stream().flatMap(host -> host.webhookSecrets().stream()).toList();
  }

  /** All routes in the order in which they are tried, with the one of ChatOps tasks. */
  public List<Route> routesInOrder() {
    return Stream.concat(
            access.chatOps() ? Stream.of(Route.chatOps()) : Stream.empty(),
            routes.stream().map(RouteConfig::route))
        .toList();
  }

  /** What came of reading the settings. */
  public sealed interface Loaded {
    /** They are fine. */
    record Good(Configuration configuration) implements Loaded {}

    /** Everything that is wrong, a line each. */
    record Bad(List<String> problems) implements Loaded {}
  }
}
