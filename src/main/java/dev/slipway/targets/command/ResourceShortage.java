package dev.slipway.targets.command;

import java.util.regex.Pattern;

/** Tells whether this host had no process, no file or no memory left: that may pass. */
final class ResourceShortage {
  // EAGAIN, ENOMEM, ENFILE and EMFILE, the way Java, the C library and shells tell them
  private static final Pattern WORDS =
      Pattern.compile(
          "error[=:] ?(11|12|23|24)\\b|Resource temporarily unavailable|Cannot allocate memory"
              + "|Too many open files|Cannot fork|fork: ");

  private ResourceShortage() {}

  static boolean isReportedBy(String words) {
    return WORDS.matcher(words).find();
  }
}
