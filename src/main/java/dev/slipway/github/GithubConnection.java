package dev.slipway.github;

import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Calls GitHub's REST API with the headers that it wants. Addresses are built from the configured
 * base, never taken from an event. Follows a redirect once and to the same host only: that is how
 * GitHub answers for a renamed repository.
 */
final class GithubConnection {
  private static final Set<Integer> MOVED = Set.of(301, 302, 307, 308);

  private final GithubConfig config;
  private final Http http;

  GithubConnection(GithubConfig config, Http http) {
    this.config = config;
    this.http = http;
  }

  /**
   * The address of something below the base.
   *
   * @param path with a slash at its start; may have a query
   */
  URI address(String path) {
    return BaseUrl.of(config.apiUrl()).uri(path);
  }

  /** What the settings of the host are called. */
  GithubSettingNames names() {
    return config.names();
  }

  /** Sends a call with this credential. */
  Reply send(Call call, Secret credential) throws InterruptedException {
    return send(call.with("Authorization", "Bearer " + credential.reveal()));
  }

  /** Sends a call that needs no other credential than it has. */
  Reply send(Call call) throws InterruptedException {
    Call dressed =
        call.with("Accept", "application/vnd.github+json")
            .with("X-GitHub-Api-Version", config.apiVersion());
    Reply reply = http.send(dressed);
    return reply instanceof Reply.Answered answered && MOVED.contains(answered.status())
        ? followRedirect(dressed, answered)
        : reply;
  }

  private Reply followRedirect(Call call, Reply.Answered answered) throws InterruptedException {
    Optional<URI> location = answered.header("Location").flatMap(GithubConnection::uri);
    boolean sameHost =
        location
            .filter(to -> config.apiUrl().getAuthority().equals(to.getAuthority()))
            .filter(to -> config.apiUrl().getScheme().equals(to.getScheme()))
            .isPresent();
    return sameHost
        ? http.send(new Call(call.method(), location.get(), call.headers(), call.body()))
        : answered;
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
