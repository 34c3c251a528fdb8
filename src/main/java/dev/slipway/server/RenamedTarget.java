package dev.slipway.server;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Target;
import java.util.Optional;

/** A target under the name that its route gives it, for chains that hold two of a kind. */
record RenamedTarget(String name, Target target) implements Target {
  @Override
  public Optional<CommandHost> host() {
    return target.host();
  }

  @Override
  public boolean isOnThisMachine() {
    return target.isOnThisMachine();
  }

  @Override
  public boolean isCommand() {
    return target.isCommand();
  }

  @Override
  public String destination() {
    return target.destination();
  }

  @Override
  public AttemptLimits limits() {
    return target.limits();
  }

  @Override
  public StartAnswer start(Attempt attempt, AttemptLog log) throws InterruptedException {
    return target.start(attempt, log);
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return target.poll(attempt, id, log);
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    return target.lookUp(attempt, log);
  }

  @Override
  public String stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return target.stop(attempt, id, log);
  }
}
