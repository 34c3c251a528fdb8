package dev.slipway.server;

import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.http.Http;
import dev.slipway.process.ProgramVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What each GitHub host is called through. One that has its own way out has a client of its own, so
 * that one host's CA opens no other.
 */
final class GithubConnections implements AutoCloseable {
  private final Map<String, Http> ofHosts = new HashMap<>();
  private final List<Http> own;

  /**
   * @param first what the first host is called through, and who else has no way of his own;
   *     somebody else closes it
   */
  GithubConnections(List<GithubHostConfig> hosts, Http first, Duration timeout) {
    for (GithubHostConfig host : hosts) {
      ofHosts.put(
          host.host(),
          ofHosts.isEmpty() ? first : new Http(timeout, ProgramVersion.userAgent(), host.egress()));
    }
    this.own = ofHosts.values().stream().filter(http -> !http.equals(first)).toList();
  }

  Http of(GithubHostConfig host) {
    return Objects.requireNonNull(ofHosts.get(host.host()));
  }

  @Override
  public void close() {
    own.forEach(Http::close);
  }
}
