package dev.slipway.model;

/**
 * How an attempt to start a target ended. Only a target that surely started nothing is passed over.
 */
public sealed interface Verdict extends StartAnswer {
  /** The reason, or the accepted deploy, in words for an operator; holds no secrets. */
  String reason();

  /** The target is not configured for this route; nothing was sent. */
  record Skipped(String reason) implements Verdict {}

  /** The target surely did not start a deploy. */
  record Refused(String reason) implements Verdict {}

  /**
   * The target may have started a deploy; a lookup has to come before every other move.
   *
   * @param interrupted nobody answered so: Slipway itself stopped between the intent and the
   *     answer, and perhaps nothing was sent
   */
  record Unknown(String reason, boolean interrupted) implements Verdict {
    /** An unknown outcome by the target's answer, or for lack of one. */
    public Unknown(String reason) {
      this(reason, false);
    }
  }

  /**
   * The target started a deploy.
   *
   * @param id the target's own name for the deploy, stored for ever and enough to follow it after a
   *     restart
   */
  record Accepted(String id, String reason) implements Verdict {}
}
