package dev.slipway.notification;

import dev.slipway.model.CleanText;
import dev.slipway.secret.Redactor;

/** Text from outside, as it may be kept with a notification: one line of limited length. */
final class ProblemText {
  private static final int LONGEST = 300;

  /** What is looked at: blanks and secrets go before the rest is cut, and a body may be large. */
  private static final int LOOKED_AT = 4_000;

  private ProblemText() {}

  /** One line without secrets, cut last. */
  static String shown(String text, Redactor redactor) {
    return CleanText.cut(CleanText.line(redactor.beginning(text, LOOKED_AT)), LONGEST);
  }
}
