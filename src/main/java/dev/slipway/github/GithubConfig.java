package dev.slipway.github;

import dev.slipway.secret.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How GitHub is reached.
 *
 * @param apiUrl {@code https://api.github.com}, {@code https://HOST/api/v3} or {@code
 *     https://api.TENANT.ghe.com}
 * @param token a personal access token that may write deployments; null: nothing can be posted
 */
public record GithubConfig(URI apiUrl, @Nullable Secret token) {
  /** The host that people see: what deployments are identified by. */
  public String host() {
    String host = apiUrl.getHost();
    return host.startsWith("api.") ? host.substring("api.".length()) : host;
  }
}
