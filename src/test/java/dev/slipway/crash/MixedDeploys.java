package dev.slipway.crash;

import dev.slipway.fakes.FakeQovery;
import dev.slipway.fakes.FakeRender;
import dev.slipway.fakes.StateSchedule;
import java.time.Duration;

/** One deploy in twelve takes longer than a poll, and one in ten fails. */
final class MixedDeploys implements OutsideServers.Deploys {
  private static Duration length(long deployment) {
    return deployment % 12 == 5 ? Duration.ofMillis(300) : Duration.ZERO;
  }

  private static boolean fails(long deployment) {
    return deployment % 10 == 7;
  }

  @Override
  public StateSchedule atRender(long deployment) {
    Duration length = length(deployment);
    return fails(deployment) ? FakeRender.failingBuild(length) : FakeRender.succeeding(length);
  }

  @Override
  public StateSchedule atQovery(long deployment) {
    Duration length = length(deployment);
    return fails(deployment) ? FakeQovery.failingBuild(length) : FakeQovery.succeeding(length);
  }
}
