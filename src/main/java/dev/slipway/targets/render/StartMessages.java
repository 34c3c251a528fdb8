package dev.slipway.targets.render;

import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;

/** An answer to a start as a line for an operator. */
final class StartMessages {
  private StartMessages() {}

  static String of(StartAnswer answer) {
    return switch (answer) {
      case StartAnswer.Busy busy ->
          busy.reason() + "; worth asking again in " + busy.again().toSeconds() + " s";
      case Verdict.Refused refused -> "nothing started: " + refused.reason();
      case Verdict.Unknown unknown -> "may have started: " + unknown.reason();
      case Verdict.Accepted accepted -> accepted.reason();
      case Verdict.Skipped skipped -> skipped.reason();
    };
  }
}
