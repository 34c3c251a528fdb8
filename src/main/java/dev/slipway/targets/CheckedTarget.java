package dev.slipway.targets;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import java.time.Duration;
import java.util.Optional;

/**
 * A target whose deploys are checked when they are live.
 *
 * @param limit how long the check may take
 */
public record CheckedTarget(Target target, LiveCheck check, Duration limit) implements Target {
  @Override
  public String name() {
    return target.name();
  }

  @Override
  public String destination() {
    return target.destination();
  }

  @Override
  public AttemptLimits limits() {
    return target.limits().withCheck(limit);
  }

  @Override
  public Optional<CommandHost> host() {
    return target.host();
  }

  @Override
  public boolean isOnThisHost() {
    return target.isOnThisHost();
  }

  @Override
  public boolean isCommand() {
    return target.isCommand();
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    return target.preview(attempt);
  }

  @Override
  public PreparedStart prepare(Attempt attempt) throws InterruptedException {
    return target.prepare(attempt);
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
  public LiveCheckResult check(Deployment deployment) throws InterruptedException {
    return check.check(deployment);
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return target.stop(attempt, id, log);
  }

  @Override
  public void close() {
    target.close();
  }
}
