package dev.slipway.targets;

import dev.slipway.http.BaseUrl;
import dev.slipway.model.Deployment;
import dev.slipway.secret.SafeExcerpt;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at when a deploy is live.
 *
 * @param url with {@code {sha}} and {@code {environment}} for what the deployment says
 * @param timeout how long it may take to be as it should be
 * @param every how long to wait between two looks
 * @param commitHeader the header of the answer that names the commit; null when none does
 * @param commitJson the field of the answer that names it, with dots between the levels; null when
 *     none does
 */
public record LiveCheckConfig(
    String url,
    Duration timeout,
    Duration every,
    @Nullable String commitHeader,
    @Nullable String commitJson) {
  private static final String SHA = "{sha}";
  private static final String ENVIRONMENT = "{environment}";

  /** What is wrong with the address; empty when nothing is. */
  public static Optional<String> problemWith(String url) {
    try {
      URI uri = new URI(url.replace(SHA, "sha").replace(ENVIRONMENT, "environment"));
      String host = url.replaceFirst("^[^/]*//", "").split("[/?#]", 2)[0];
      boolean isGood =
          ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
              && !host.contains("{");
      return isGood ? Optional.empty() : Optional.of(wrong(url));
    } catch (URISyntaxException e) {
      return Optional.of(wrong(url));
    }
  }

  private static String wrong(String url) {
    return SafeExcerpt.of(url)
        + " must be an address such as https://app.example.com/health, without user and fragment;"
        + " {sha} and {environment} may stand behind the host";
  }

  /** The address for a deployment; empty when it needs a commit, and the deployment names none. */
  Optional<URI> address(Deployment deployment) {
    String sha = deployment.sha();
    return sha == null && url.contains(SHA)
        ? Optional.empty()
        : Optional.of(
            URI.create(
                url.replace(SHA, sha == null ? "" : encoded(sha))
                    .replace(ENVIRONMENT, encoded(deployment.environment().name()))));
  }

  /** A name of dots only would lead to another path. */
  private static String encoded(String text) {
    return text.matches("\\.+") ? text.replace(".", "%2E") : BaseUrl.encoded(text);
  }

  /** What the answer has to name, for messages. */
  String commitPlace() {
    return commitHeader == null
        ? "field " + commitJson
        : "header " + commitHeader.toLowerCase(Locale.ROOT);
  }

  boolean namesCommit() {
    return commitHeader != null || commitJson != null;
  }
}
