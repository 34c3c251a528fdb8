package dev.slipway.targets.qovery;

import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How Qovery is reached.
 *
 * @param scheme how the token is sent: {@code Token} for API tokens, {@code Bearer} for JWTs; any
 *     case is taken and sent in Qovery's own
 */
public record QoveryAccount(URI apiUrl, Secret token, String scheme) {
  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  public QoveryAccount {
    scheme =
        switch (scheme.toLowerCase(Locale.ROOT)) {
          case "token" -> "Token";
          case "bearer" -> "Bearer";
          default -> scheme;
        };
  }

  /** What is wrong with the id of an application or job; empty when nothing is. */
  public static Optional<String> problemWithId(String uuid) {
    return UUID.matcher(uuid).matches()
        ? Optional.empty()
        : Optional.of(
            SafeExcerpt.of(uuid)
                + " is no Qovery id; set the UUID of the application or job, such as "
                + "3c90c3cc-0d44-4b50-8888-8dd25736052a");
  }

  /** What is wrong with the scheme of the token; empty when nothing is. */
  public static Optional<String> problemWithScheme(String scheme) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "token", "bearer" -> Optional.empty();
      default ->
          Optional.of(
              SafeExcerpt.of(scheme)
                  + " is no scheme of Qovery's; set Token for an API token or Bearer for a JWT");
    };
  }
}
