package dev.slipway.setup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one link that opens the page on which a GitHub App is made. It works for an hour and until an
 * App was made with it, in this process alone; a new link ends the one before. Safe for use by many
 * threads.
 */
public final class SetupLinks {
  /** How long a link works. */
  public static final Duration LIFE = Duration.ofHours(1);

  private static final String PATH = "/setup/github/";
  private static final int BYTES = 32;

  private final Supplier<String> publicBase;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private String host = "";
  private String key = "";
  private String state = "";
  private Instant endsAt = Instant.EPOCH;

  /**
   * @param publicBase the public address of this server, without a slash at its end
   */
  public SetupLinks(Supplier<String> publicBase, InstantSource clock) {
    this.publicBase = publicBase;
    this.clock = clock;
  }

  /**
   * Makes a link, which is a secret, and returns its address.
   *
   * @param forHost the GitHub host at which an App shall be made
   */
  public synchronized String create(String forHost) {
    host = forHost;
    key = value();
    state = value();
    endsAt = clock.instant().plus(LIFE);
    return publicBase.get() + PATH + key;
  }

  /** The public address of this server, without a slash at its end. */
  String publicBase() {
    return publicBase.get();
  }

  /** Where GitHub sends the browser back to. */
  String callback() {
    return publicBase.get() + PATH + "callback";
  }

  /**
   * What the link with a key leads to.
   *
   * @param host the GitHub host at which an App is to be made
   * @param state what it has to send back with its code
   */
  record Opened(String host, String state) {}

  /** What the link with this key leads to; empty when it is no key. */
  synchronized Optional<Opened> open(String given) {
    return isOpen() && matches(key, given)
        ? Optional.of(new Opened(host, state))
        : Optional.empty();
  }

  /**
   * The GitHub host that was to send that back; it is good for one try, and for none when a new
   * link was made meanwhile.
   */
  synchronized Optional<String> takeState(String given) {
    if (!isOpen() || !matches(state, given)) {
      return Optional.empty();
    }
    state = value();
    return Optional.of(host);
  }

  /** Ends the link: it has served. */
  synchronized void end() {
    endsAt = Instant.EPOCH;
  }

  private boolean isOpen() {
    return clock.instant().isBefore(endsAt);
  }

  private String value() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static boolean matches(String known, String given) {
    return MessageDigest.isEqual(
        known.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
