package dev.slipway.targets;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import java.util.Optional;

/**
 * One way to deploy, configured for one route. It prepares the start of a deploy as a value; {@link
 * StartExecutor} carries it out. What was started it polls, looks up and stops by itself.
 *
 * <p>Every method but {@link #preview} may block, and ends early with {@link InterruptedException}
 * when its thread is interrupted. Expected bad ends are values; an exception is a bug, or a machine
 * that is broken.
 *
 * <p>A target keeps nothing that it needs after a restart: the id it gave with {@code Accepted} has
 * to be enough.
 */
public interface Target extends AutoCloseable {
  /** Its name in the chain of its route. */
  String name();

  /**
   * What it deploys to, in words for an operator and without secrets: the service, the application,
   * the server. Two destinations never have the same name, and one keeps its name through a
   * restart.
   */
  String destination();

  /** How long each part of an attempt may take. */
  AttemptLimits limits();

  /**
   * The host of its commands, when that is this one; empty when its deploys run elsewhere and can
   * be seen from everywhere.
   */
  default Optional<CommandHost> host() {
    return Optional.empty();
  }

  /**
   * Whether its deploys run on this host, and so may end with it; a stop of Slipway gives them
   * time.
   */
  default boolean isOnThisHost() {
    return host().isPresent();
  }

  /** Whether a deploy is a command of the operator's, of which only so many run at once. */
  default boolean isCommand() {
    return isOnThisHost();
  }

  /** Prepares the start from the settings alone. Reads and sends nothing. */
  PreparedStart preview(Attempt attempt);

  /**
   * Prepares the start after reading at the provider what may forbid it or change it: a service
   * that is suspended, a job that lacks the event. Starts nothing.
   */
  default PreparedStart prepare(Attempt attempt) throws InterruptedException {
    return preview(attempt);
  }

  /** Asks how a deploy is that was accepted under this id, perhaps by another process. */
  PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException;

  /**
   * Looks up whether an attempt of unknown outcome started a deploy after {@code attempt.since()}.
   */
  LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException;

  /**
   * Checks what a deploy put live. Asked only when {@link AttemptLimits#check} is not zero, and as
   * often as it takes until then.
   */
  default LiveCheckResult check(Deployment deployment) throws InterruptedException {
    return new LiveCheckResult.Passed("not checked");
  }

  /**
   * Asks for the deploy to be stopped, without waiting for it to happen. May be asked again after a
   * request that worked: then that changes nothing.
   */
  StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException;

  /** Gives back what it holds on this host. Deploys go on. */
  @Override
  default void close() {}
}
