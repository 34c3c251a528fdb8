package dev.slipway.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run. Facts are only ever added, and every state is derived from
 * them.
 */
public sealed interface Fact {
  Instant at();

  /** A fact about one target of the chain. */
  sealed interface OfTarget extends Fact {
    String target();
  }

  /**
   * The target is about to be called; without a later fact it is unknown whether it was. {@code
   * host} is where its command will be, null when its deploys can be seen from everywhere.
   *
   * @param destination where the target was to start it, as {@link ChainEntry#destination} says it
   * @param total how long the deploy may run; counts when the configuration has lost the target
   */
  record Intended(
      Instant at, String target, @Nullable CommandHost host, String destination, Duration total)
      implements OfTarget {}

  /**
   * Something held the run right before a start, and it went back to the head of its queue. What
   * was intended for that start surely did not happen.
   *
   * @param reason what held it, and what to do about that
   */
  record Held(Instant at, String reason) implements Fact {}

  /** The configuration no longer leads to where the deploy runs, so it cannot be followed. */
  record Detached(Instant at, String target, String reason) implements OfTarget {}

  /**
   * The target's command may run on a host that is not this one, and nothing is known of it since.
   */
  record HostAway(Instant at, String target, String host) implements OfTarget {}

  /** The target started nothing and is to be asked again at {@code until}. */
  record Busy(Instant at, String target, String reason, Instant until) implements OfTarget {}

  /** The target's attempt was judged; a later judgement replaces {@link Verdict.Unknown}. */
  record Judged(Instant at, String target, Verdict verdict) implements OfTarget {}

  /** An unknown outcome was looked up; {@code until} is when the next lookup is due. */
  record LookedUp(Instant at, String target, LookupResult result, Instant until)
      implements OfTarget {}

  /** The provider says that the deploy goes on; {@code until} is when the next poll is due. */
  record Seen(Instant at, String target, String phase, Instant until) implements OfTarget {}

  /** The deploy could not be polled. */
  record Unseen(Instant at, String target, String reason, Instant until) implements OfTarget {}

  /**
   * The target was asked to stop its deploy.
   *
   * @param outcome the result of that, as {@link StopResult#outcome} says it
   * @param until when it is to be asked again; null when that would change nothing
   */
  record StopSent(
      Instant at, String target, StopReason reason, String outcome, @Nullable Instant until)
      implements OfTarget {
    /** The target need not be asked again. */
    public StopSent(Instant at, String target, StopReason reason, String outcome) {
      this(at, target, reason, outcome, null);
    }

    /** Whether asking again would change nothing. */
    public boolean isDone() {
      return until == null;
    }
  }

  /** The target's deploy ended. */
  record Ended(Instant at, String target, End end) implements OfTarget {}

  /** What the deploy put live was checked; {@code until} is when the next check is due. */
  record Checked(Instant at, String target, LiveCheckResult result, Instant until)
      implements OfTarget {}

  /** The run is to stop. The store keeps one for a run at the most: whoever asks first. */
  sealed interface StopRequested extends Fact {
    /** Why the targets of the run are asked to stop. */
    StopReason stopReason();

    /** The reason for people: {@code replaced by deployment 42}. */
    String words();

    /**
     * The end of the run, when nothing else ended it before.
     *
     * @param outcome the result of stopping the deploy; empty when there was none to stop
     */
    End end(String outcome);
  }

  /**
   * A newer deployment came, and the route wants older ones to be stopped for it.
   *
   * @param by the newer deployment
   */
  record Replaced(Instant at, String by) implements StopRequested {
    @Override
    public StopReason stopReason() {
      return StopReason.REPLACED;
    }

    @Override
    public String words() {
      return "replaced by " + by;
    }

    @Override
    public End end(String outcome) {
      return new End.Superseded("Replaced by " + by + (outcome.isEmpty() ? "" : "; " + outcome));
    }
  }

  /**
   * Somebody cancelled the deployment.
   *
   * @param by who it was
   * @param reason what they said about it; may be empty
   */
  record CancelRequested(Instant at, String by, String reason) implements StopRequested {
    @Override
    public StopReason stopReason() {
      return StopReason.CANCELLED;
    }

    @Override
    public String words() {
      return "cancelled by " + by + (reason.isEmpty() ? "" : ": " + reason);
    }

    @Override
    public End end(String outcome) {
      return new End.Cancelled(
          "C" + words().substring(1) + (outcome.isEmpty() ? "" : "; " + outcome));
    }
  }
}
