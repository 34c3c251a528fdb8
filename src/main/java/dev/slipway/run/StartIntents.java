package dev.slipway.run;

import dev.slipway.model.GithubState;
import dev.slipway.model.Move;
import dev.slipway.model.Plan;
import dev.slipway.model.PlanInput;
import dev.slipway.model.RunFacts;
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
 * Makes the first intent of a new run, where nothing has to be asked or waited for before it. The
 * intent can then be written with the commit that stores the run.
 */
final class StartIntents {
  private final RouteTargets targets;
  private final CommandSlots slots;
  private final RunLog log;
  private final InstantSource clock;

  StartIntents(RouteTargets targets, CommandSlots slots, RunLog log, InstantSource clock) {
    this.targets = targets;
    this.slots = slots;
    this.log = log;
    this.clock = clock;
  }

  /** The intent, if it can be made now. For a command the run then holds a slot. */
  Optional<StartIntent> intend(LeasedRun run) {
    if (!run.facts().isEmpty()
        || run.lastState() == GithubState.QUEUED
        || !targets.gate().isOpen(run.run().route())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return Plan.next(new PlanInput(now, targets.chain(run.run()), RunFacts.EMPTY))
            instanceof Move.Start(String target)
        ? start(run, target, now)
        : Optional.empty();
  }

  private Optional<StartIntent> start(LeasedRun run, String name, Instant now) {
    Target target = targets.of(run.run(), name);
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
