package dev.slipway.server;

import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.StoredValues;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The secret that signs log links and callback addresses: the configured one, or one that is made
 * once and kept in the database.
 */
final class LogLinkKey {
  private LogLinkKey() {}

  static Secret of(@Nullable Secret configured, Database database) {
    return configured != null
        ? configured
        : new Secret(new StoredValues(database).getOrCreate("log-link-secret", LogLinkKey::random));
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
