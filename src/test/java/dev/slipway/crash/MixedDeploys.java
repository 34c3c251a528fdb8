package dev.slipway.crash;

import dev.slipway.fakes.FakeQovery;
import dev.slipway.fakes.FakeRender;
import dev.slipway.fakes.StateSchedule;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Two deploys in twelve take longer than a poll, and one in ten fails. */
final class MixedDeploys implements OutsideServers.Deploys {
  private final boolean someGoOn;
  private final Set<Long> begun = ConcurrentHashMap.newKeySet();

  /** All end by themselves. */
  MixedDeploys() {
    this(false);
  }

  /**
   * @param someGoOn whether the first deploy of one in 23 goes on until it is cancelled
   */
  MixedDeploys(boolean someGoOn) {
    this.someGoOn = someGoOn;
  }

  /** Whether the first deploy of the deployment is one that can go on until it is cancelled. */
  static boolean mayGoOn(long deployment) {
    return deployment % 23 == 11;
  }

  private static Duration length(long deployment) {
    return switch ((int) (deployment % 12)) {
      case 5 -> Duration.ofMillis(300);
      case 11 -> Duration.ofMillis(1500);
      default -> Duration.ZERO;
    };
  }

  /** Of two questions about the same deployment only the first may be about one that goes on. */
  private boolean goesOn(long deployment) {
    return someGoOn && mayGoOn(deployment) && begun.add(deployment);
  }

  @Override
  public boolean succeeds(long deployment) {
    return deployment % 10 != 7;
  }

  @Override
  public StateSchedule atRender(long deployment) {
    if (goesOn(deployment)) {
      return StateSchedule.endless("build_in_progress");
    }
    Duration length = length(deployment);
    return succeeds(deployment) ? FakeRender.succeeding(length) : FakeRender.failingBuild(length);
  }

  @Override
  public StateSchedule atQovery(long deployment) {
    if (goesOn(deployment)) {
      return StateSchedule.endless("BUILDING");
    }
    Duration length = length(deployment);
    return succeeds(deployment) ? FakeQovery.succeeding(length) : FakeQovery.failingBuild(length);
  }
}
