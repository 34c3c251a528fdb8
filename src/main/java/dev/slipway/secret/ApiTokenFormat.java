package dev.slipway.secret;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The form of tokens of the API: {@code slp_} and 256 random bits. The prefix lets secret scanners,
 * and our own redactor, know one where they see it.
 */
public final class ApiTokenFormat {
  /** What each begins with. */
  public static final String PREFIX = "slp_";

  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  private ApiTokenFormat() {}

  /** A new token. */
  public static Secret random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Secret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** Whether the text may be a token. */
  public static boolean matches(String text) {
    return FORM.matcher(text).matches();
  }
}
