package dev.slipway.targets.qovery;

import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * How Qovery is reached.
 *
 * @param scheme how the token is sent: {@code Token} for API tokens, {@code Bearer} for JWTs; any
 *     case is taken and sent in Qovery's own
 */
public record QoveryAccount(URI apiUrl, Secret token, String scheme) {
  public QoveryAccount {
    scheme =
        switch (scheme.toLowerCase(Locale.ROOT)) {
          case "token" -> "Token";
          case "bearer" -> "Bearer";
          default -> scheme;
        };
  }

  /** What is wrong with the scheme of the token; empty when nothing is. */
  static Optional<String> problemWithScheme(String scheme) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "token", "bearer" -> Optional.empty();
      default ->
          Optional.of(
              SafeExcerpt.of(scheme)
                  + " is no scheme of Qovery's; set Token for an API token or Bearer for a JWT");
    };
  }
}
