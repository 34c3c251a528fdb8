package dev.slipway.targets;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * Starts deploys: the only one that can send the request of a {@link PreparedStart}, and it
 * confirms the fence right before.
 */
public final class StartExecutor {
  /** Shorter than the ten seconds for which {@link Fence#confirm} holds. */
  private static final Duration FENCE_HOLDS = Duration.ofSeconds(8);

  private final Sender sender;
  private final InstantSource clock;

  /** Sends a request once. */
  @FunctionalInterface
  public interface Sender {
    /**
     * Sends the request.
     *
     * @param maySend asked right before the request is written: with a slow connection that is long
     *     after the call
     */
    Reply send(Call call, BooleanSupplier maySend) throws InterruptedException;
  }

  public StartExecutor(Sender sender, InstantSource clock) {
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Prepares the start of the target and carries it out. Answers {@code Skipped}, {@code Refused}
   * or {@code Busy} only if surely nothing was started, and {@code Unknown} whenever that is in
   * doubt.
   *
   * @throws FencedException when the run is no longer ours; nothing was started
   */
  public StartAnswer start(Target target, Attempt attempt, Fence fence, AttemptLog log)
      throws FencedException, InterruptedException {
    PreparedStart prepared = target.prepare(attempt);
    prepared.notes().forEach(log::log);
    return switch (prepared) {
      case PreparedStart.Declined(_, StartAnswer answer) -> answer;
      case PreparedStart.Request request -> send(request, attempt.since(), fence, log);
      case PreparedStart.Launch launch -> launch.launcher().launch(fence);
    };
  }

  private StartAnswer send(
      PreparedStart.Request request, Instant since, Fence fence, AttemptLog log)
      throws FencedException, InterruptedException {
    log.log(request.summary());
    fence.confirm();
    Instant sent = clock.instant();
    Instant latest = sent.plus(FENCE_HOLDS);
    Reply reply = sender.send(request.call(), () -> clock.instant().isBefore(latest));
    StartAnswer answer = StartAnswers.of(reply, request.rules(), since, sent, clock.instant());
    log.log(request.rules().logPrefix() + ": " + words(answer));
    return answer;
  }

  private static String words(StartAnswer answer) {
    return switch (answer) {
      case StartAnswer.Busy busy ->
          busy.reason() + "; worth asking again in " + busy.again().toSeconds() + " s";
      case Verdict.Refused refused -> "nothing started: " + refused.reason();
      case Verdict.Unknown unknown -> "may have started: " + unknown.reason();
      case Verdict.Accepted accepted -> accepted.reason();
      case Verdict.Skipped skipped -> skipped.reason();
    };
  }
}
