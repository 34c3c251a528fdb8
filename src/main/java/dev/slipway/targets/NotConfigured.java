package dev.slipway.targets;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import java.time.Duration;

/** Stands in the chain for a target that is not configured, and is skipped with the reason. */
public record NotConfigured(String name, String reason) implements Target {
  @Override
  public String destination() {
    return "nothing";
  }

  @Override
  public AttemptLimits limits() {
    return new AttemptLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    return new PreparedStart.Declined(new Verdict.Skipped(reason));
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) {
    return new PollResult.Unseen(reason, Duration.ofSeconds(30));
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) {
    return new LookupResult.CannotKnow(
        name + " was taken out of the configuration while its outcome was unknown: " + reason);
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) {
    return new StopResult.Done("could not be stopped: " + reason);
  }
}
