package dev.slipway.control;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Route;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Does what a ChatOps task says, as the target of a run: so its answer is the run's end, is told
 * once, and survives a crash. Every task can be done twice; what was done stays as it is.
 */
public final class ChatOpsTarget implements Target {
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(5), Duration.ZERO, Duration.ofMinutes(15), Duration.ofHours(1));
  private static final String DONE = "done: ";
  private static final String DECLINED = "declined: ";

  private final ChatOpsCommands commands;

  public ChatOpsTarget(ChatOpsCommands commands) {
    this.commands = commands;
  }

  @Override
  public String name() {
    return Route.CHATOPS;
  }

  @Override
  public String destination() {
    return "Slipway itself";
  }

  @Override
  public AttemptLimits limits() {
    return LIMITS;
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    return new PreparedStart.Launch(
        destination(),
        attempt.deployment().task(),
        Map.of(),
        Set.of(),
        fence -> {
          fence.confirm();
          return switch (commands.execute(attempt)) {
            case ChatOpsCommands.Answer.Done(String text) ->
                new Verdict.Accepted(DONE + text, "understood");
            case ChatOpsCommands.Answer.Declined(String reason) ->
                new Verdict.Accepted(DECLINED + reason, "understood");
          };
        });
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) {
    return new PollResult.Over(
        id.startsWith(DONE)
            ? new End.Succeeded(null, id.substring(DONE.length()))
            : new End.Failed(id.substring(DECLINED.length())));
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) {
    return new LookupResult.NotThere("it is done again", Duration.ZERO);
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) {
    return new StopResult.Done("what was done stays");
  }
}
