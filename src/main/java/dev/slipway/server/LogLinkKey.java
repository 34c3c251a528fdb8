package dev.slipway.server;

import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.StoredValues;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What signs log links and callback addresses.
 *
 * @param secret the configured one, or one that is made once and kept in the database
 * @param previous the one before it, whose links and addresses still work
 */
record LogLinkKey(Secret secret, @Nullable Secret previous) {
  static LogLinkKey of(@Nullable Secret configured, @Nullable Secret previous, Database database) {
    return new LogLinkKey(
        configured != null
            ? configured
            : new Secret(
                new StoredValues(database).getOrCreate("log-link-secret", LogLinkKey::random)),
        previous);
  }

  Secret[] former() {
    return previous == null ? new Secret[0] : new Secret[] {previous};
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
