package dev.slipway.secret;

import java.util.regex.Pattern;

/**
 * The part of a wrong setting that may be shown. A wrong value is often a secret in the wrong
 * place, so no more than its first six characters are shown, and none of what looks like a token.
 */
public final class SafeExcerpt {
  private static final int LONGEST = 6;

  private static final Pattern TOKEN =
      Pattern.compile(
          "(?is).*(gh[a-z]_|github_pat_|rnd_|qov_|slp_|glpat-|xox[a-z]-|eyJ|key=|PRIVATE"
              + " KEY|:[^/\\s]+@).*");

  private static final Pattern RANDOM =
      Pattern.compile("(?s)(?=.*\\d)(?=.*\\p{Alpha}).*[\\p{Alnum}+/=_-]{16,}.*");

  // Words without digits, as variables and settings have them
  private static final Pattern NAME =
      Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|[A-Z]{1,24}|[a-z-]{1,24}([._][a-z-]{1,24})*");

  private static final Pattern PATH = Pattern.compile("[\\w.@+ -]*/[\\w./@+ -]*");

  private SafeExcerpt() {}

  /** The value in quotation marks, cut, or how long it is. */
  public static String of(String value) {
    String line = value.replaceAll("\\p{Cntrl}", "?");
    if (isTokenLike(line)) {
      return "a value of " + value.length() + " characters";
    }
    return "\"" + (line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…") + "\"";
  }

  /** The whole name of a variable or a setting, if it is one. */
  public static String ofName(String name) {
    return NAME.matcher(name).matches() && !startsLikeToken(name) ? name : of(name);
  }

  /** The whole name of a file, if it is one. */
  public static String ofPath(String path) {
    return PATH.matcher(path).matches() && !startsLikeToken(path) ? path : of(path);
  }

  private static boolean isTokenLike(String value) {
    return startsLikeToken(value) || RANDOM.matcher(value).matches();
  }

  private static boolean startsLikeToken(String value) {
    return TOKEN.matcher(value).matches();
  }
}
