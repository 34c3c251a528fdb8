package dev.slipway.demo;

import java.util.List;
import java.util.function.Supplier;

/**
 * One deployment of the story.
 *
 * @param kind what the bot in the chat asks for
 * @param provider who stands at the last lifeline
 * @param setting makes the day what it is
 */
record Scene(
    Kind kind, String title, String tagline, String provider, Runnable setting, Proof proof) {
  /** What the bot in the chat asks for. */
  enum Kind {
    /** A deployment of the main branch. */
    DEPLOYMENT,
    /** A rollback, for which Slipway creates the deployment. */
    ROLLBACK,
    /** A lock, a deployment that has to wait for it, and the end of the lock. */
    LOCK
  }

  /**
   * What has to be true after it.
   *
   * @param states the states of GitHub's statuses, in this order and no others; equal ones in a row
   *     count once, as a later one may replace what has not left yet
   * @param commit the commit that was asked for where the deploy ran
   * @param inLog a text that the log has to hold
   * @param commands how often the command on your server was run
   * @param redelivery whether GitHub delivers the event once more at the end
   */
  record Proof(
      List<String> states,
      Supplier<String> commit,
      Supplier<String> inLog,
      int commands,
      boolean redelivery) {
    Proof {
      states = List.copyOf(states);
    }
  }
}
