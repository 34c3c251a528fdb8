package dev.slipway.model;

import java.time.Instant;

/** The one thing to do next for a run, as {@link Plan#next} decides it. */
public sealed interface Move {
  /** Write down the intent, then call the target. */
  record Start(String target) implements Move {}

  /** Write down a verdict that the stored facts already imply. */
  record Conclude(String target, Verdict verdict) implements Move {}

  /** Look up whether an attempt of unknown outcome started a deploy. */
  record LookUp(String target) implements Move {}

  /** Look at a deploy that goes on. */
  record Poll(String target, String id) implements Move {}

  /** Check what the target's deploy put live. */
  record Check(String target) implements Move {}

  /**
   * Ask the target to stop its deploy.
   *
   * @param words the reason for people
   */
  record Stop(String target, String id, StopReason reason, String words) implements Move {}

  /** Write down that only this host can say what became of the target's command. */
  record AwaitHost(String target, String host) implements Move {}

  /** Write down that the configuration no longer leads to where the deploy runs. */
  record Detach(String target, String reason) implements Move {}

  /** Nothing to do before this instant. */
  record Wait(Instant until) implements Move {}

  /** The deployment has ended. */
  record Settle(End end) implements Move {}
}
