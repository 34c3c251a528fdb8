package dev.slipway.secret;

import java.util.List;
import java.util.Optional;

/** Bearer tokens as they come in {@code Authorization}. */
public final class Bearer {
  private static final String SCHEME = "bearer ";

  private Bearer() {}

  /** The token, where there is one credential and it is a bearer's. */
  public static Optional<String> token(List<String> credentials) {
    return credentials.size() == 1
            && credentials.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(credentials.getFirst().substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  /** Whether there is one credential, and it is this token; takes the same time for each guess. */
  public static boolean proves(List<String> credentials, Secret token) {
    return token(credentials).filter(token::matches).isPresent();
  }
}
