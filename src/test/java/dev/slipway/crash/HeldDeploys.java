package dev.slipway.crash;

import dev.slipway.fakes.FakeQovery;
import dev.slipway.fakes.FakeRender;
import dev.slipway.fakes.StateSchedule;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Deploys that succeed at once, or when the test says so. */
final class HeldDeploys implements OutsideServers.Deploys {
  private final Set<Long> held = ConcurrentHashMap.newKeySet();

  /** The deploys of this deployment go on until {@link #finish}. */
  void hold(long deployment) {
    held.add(deployment);
  }

  void finish(long deployment) {
    held.remove(deployment);
  }

  @Override
  public StateSchedule atRender(long deployment) {
    return new Held(deployment, "build_in_progress", FakeRender.succeeding(Duration.ZERO));
  }

  @Override
  public StateSchedule atQovery(long deployment) {
    return new Held(deployment, "BUILDING", FakeQovery.succeeding(Duration.ZERO));
  }

  private final class Held implements StateSchedule {
    private final long deployment;
    private final String meanwhile;
    private final StateSchedule finished;

    Held(long deployment, String meanwhile, StateSchedule finished) {
      this.deployment = deployment;
      this.meanwhile = meanwhile;
      this.finished = finished;
    }

    @Override
    public String stateAfter(Duration elapsed) {
      return held.contains(deployment) ? meanwhile : finished.stateAfter(elapsed);
    }

    @Override
    public Optional<Duration> length() {
      return held.contains(deployment) ? Optional.empty() : finished.length();
    }
  }
}
