package dev.slipway.targets;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import java.util.Optional;

/**
 * One way to deploy, configured for one route. Every method may block, and ends early with {@link
 * InterruptedException} when its thread is interrupted. Expected bad ends are values; an exception
 * is a bug, or a machine that is broken.
 *
 * <p>A target keeps nothing that it needs after a restart: the id it gave with {@code Accepted} has
 * to be enough.
 */
public interface Target {
  /** What the chain calls it: {@code render-hook}, {@code shell} … */
  String name();

  /**
   * What it deploys to, in words for an operator and without secrets: the service, the application,
   * the server. Two destinations are never called the same, and one stays the same through a
   * restart.
   */
  String destination();

  /** How long each part of a turn may take. */
  AttemptLimits limits();

  /**
   * Where its commands run, when that is on this machine; empty when its deploys run elsewhere and
   * can be seen from everywhere.
   */
  default Optional<CommandHost> host() {
    return Optional.empty();
  }

  /**
   * Whether its deploys run on this machine, and so may end with it; a stop of Slipway gives them
   * time.
   */
  default boolean isOnThisMachine() {
    return host().isPresent();
  }

  /** Whether a deploy is a command of the operator's, of which only so many run at once. */
  default boolean isCommand() {
    return isOnThisMachine();
  }

  /**
   * Starts the deploy. Answers {@code Skipped}, {@code Refused} or {@code Busy} only if surely
   * nothing was started, and {@code Unknown} whenever that is in doubt.
   */
  StartAnswer start(Attempt attempt, AttemptLog log) throws InterruptedException;

  /** Looks at a deploy that was accepted under this id, perhaps by another process. */
  PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException;

  /**
   * Looks up whether an attempt of unknown outcome started a deploy after {@code attempt.since()}.
   */
  LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException;

  /**
   * Asks for the deploy to be stopped, without waiting for it to happen.
   *
   * @return what came of it, as half a sentence for the final status: "cancelled at Render"
   */
  String stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException;
}
