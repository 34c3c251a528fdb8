package dev.slipway.run;

import dev.slipway.model.FactLog;
import dev.slipway.model.GithubState;
import dev.slipway.model.Move;
import dev.slipway.model.Plan;
import dev.slipway.model.PlanInput;
import dev.slipway.runlog.LogWriter;
import dev.slipway.runlog.RunLog;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.StartIntent;
import dev.slipway.targets.NotConfigured;
import dev.slipway.targets.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What a new run would write down first, where nothing has to be asked or waited for before that.
 * It can then be written with the commit that keeps the run.
 */
record StartIntents(RouteTargets targets, CommandSlots slots, RunLog log, InstantSource clock) {
  /** The intent; where it is to start a command, the run has a slot now. */
  Optional<StartIntent> of(LeasedRun run) {
    if (!run.facts().isEmpty()
        || run.lastState() == GithubState.QUEUED
        || !targets.gate().isOpen(run.run().route())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return Plan.next(new PlanInput(now, targets.chain(run.run()), FactLog.EMPTY))
            instanceof Move.Start(String target)
        ? start(run, target, now)
        : Optional.empty();
  }

  private Optional<StartIntent> start(LeasedRun run, String name, Instant now) {
    Target target = targets.of(run.run().route(), name);
    if (target instanceof NotConfigured) {
      return Optional.empty();
    }
    StartIntent intent = new StartIntent(targets.intent(run.run(), name, now), greeting(run));
    return !target.isCommand() || slots.tryAcquire(run.lease())
        ? Optional.of(intent)
        : Optional.empty();
  }

  private String greeting(LeasedRun run) {
    try (LogWriter lines = log.writer(run.lease())) {
      lines.say(Run.firstLine(run));
      return lines.take();
    }
  }
}
