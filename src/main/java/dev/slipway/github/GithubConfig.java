package dev.slipway.github;

import dev.slipway.http.BaseUrl;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How GitHub is reached. Without a credential nothing can be posted.
 *
 * @param apiUrl {@code https://api.github.com}, {@code https://HOST/api/v3} or {@code
 *     https://api.TENANT.ghe.com}
 * @param token a personal access token that may write deployments; null without one
 * @param app the GitHub App in the place of a token; null without one
 * @param apiVersion what is sent as {@code X-GitHub-Api-Version}
 * @param names what its settings are called
 */
public record GithubConfig(
    URI apiUrl,
    @Nullable Secret token,
    @Nullable AppCredential app,
    String apiVersion,
    GithubSettingNames names) {
  /** The version of GitHub's API that Slipway was written for. */
  public static final String API_VERSION = "2022-11-28";

  /** With a token, or with no credential. */
  public GithubConfig(URI apiUrl, @Nullable Secret token, String apiVersion) {
    this(apiUrl, token, null, apiVersion);
  }

  /** Set by variables. */
  public GithubConfig(
      URI apiUrl, @Nullable Secret token, @Nullable AppCredential app, String apiVersion) {
    this(apiUrl, token, app, apiVersion, GithubSettingNames.VARIABLES);
  }

  /** Whether there is something to post statuses with. */
  public boolean hasCredential() {
    return token != null || app != null;
  }

  /**
   * Whether the address lacks what GitHub Enterprise Server has its API below; there every answer
   * would be 404.
   */
  public boolean lacksPath() {
    return !isCloud() && !BaseUrl.of(apiUrl).toString().endsWith("/api/v3");
  }

  /** Whether it is GitHub's own host, and not a server of somebody's. */
  boolean isCloud() {
    String host = apiUrl.getHost().toLowerCase(Locale.ROOT);
    return host.equals("api.github.com") || (host.startsWith("api.") && host.endsWith(".ghe.com"));
  }

  /** Where GitHub's pages are, without a slash at the end. */
  public URI webUrl() {
    String authority =
        isCloud() ? apiUrl.getAuthority().substring("api.".length()) : apiUrl.getAuthority();
    return URI.create(apiUrl.getScheme() + "://" + authority);
  }

  /** The host that people see: what deployments are identified by. */
  public String host() {
    String host = apiUrl.getHost().toLowerCase(Locale.ROOT);
    return host.startsWith("api.") ? host.substring("api.".length()) : host;
  }
}
