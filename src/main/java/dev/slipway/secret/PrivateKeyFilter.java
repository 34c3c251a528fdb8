package dev.slipway.secret;

import java.util.regex.Pattern;

/**
 * Follows a private key in PEM through the lines of one output, for no line of it but the first and
 * the last looks like one. Not safe for use by several threads.
 */
public final class PrivateKeyFilter {
  static final String BEGIN = "-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY-----";

  /** A key of 8,192 bits has 105 lines; a block that is longer is none. */
  private static final int MOST_LINES = 200;

  private static final Pattern OPEN = Pattern.compile(BEGIN + "[^-]*$");
  private static final String END = "-----END ";

  private int left;

  /**
   * How many characters at the start of this line belong to a key that began in a line before; to
   * be asked for each line once, in their order.
   */
  public int hiddenOf(String line) {
    int hidden = 0;
    if (left > 0) {
      int end = line.indexOf(END);
      hidden = end < 0 ? line.length() : end;
      left = end < 0 ? left - 1 : 0;
    }
    if (line.contains("PRIVATE KEY")
        && OPEN.matcher(line).find(hidden == line.length() ? 0 : hidden)) {
      left = MOST_LINES;
    }
    return hidden;
  }
}
