package dev.slipway.targets;

import dev.slipway.model.Answer;
import dev.slipway.model.Attempt;
import dev.slipway.model.Finding;
import dev.slipway.model.Limits;
import dev.slipway.model.Sighting;
import dev.slipway.model.Verdict;
import java.time.Duration;

/** Stands in the chain where a target could be, and is skipped with the reason why it is not. */
public record NotConfigured(String name, String reason) implements Target {
  @Override
  public String destination() {
    return "nothing";
  }

  @Override
  public Limits limits() {
    return new Limits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  @Override
  public Answer start(Attempt attempt, Lines log) {
    return new Verdict.Skipped(reason);
  }

  @Override
  public Sighting poll(Attempt attempt, String id, Lines log) {
    return new Sighting.Unseen(reason, Duration.ofSeconds(30));
  }

  @Override
  public Finding find(Attempt attempt, Lines log) {
    return new Finding.CannotKnow(
        name + " was taken out of the configuration while its outcome was unknown: " + reason);
  }

  @Override
  public String stop(Attempt attempt, String id, Lines log) {
    return "could not be stopped: " + reason;
  }
}
