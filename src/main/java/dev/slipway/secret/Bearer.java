package dev.slipway.secret;

import java.util.List;

/** Bearer tokens as they come in {@code Authorization}. */
public final class Bearer {
  private static final String SCHEME = "bearer ";

  private Bearer() {}

  /** Whether there is one credential, and it is this token; takes the same time for each guess. */
  public static boolean proves(List<String> credentials, Secret token) {
    return credentials.size() == 1
        && credentials.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && token.matches(credentials.getFirst().substring(SCHEME.length()).strip());
  }
}
