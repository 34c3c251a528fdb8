package dev.slipway.run;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Launches;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A target that a test holds at one point of its start. It writes a file with a channel, which an
 * interrupt closes under it, and calls that a refusal as any I/O error.
 */
final class HeldTarget implements Target {
  /** Where the start is held. */
  enum Point {
    BEFORE_THE_INTENT,
    IN_THE_CALL
  }

  final CountDownLatch held = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  final CountDownLatch interrupted = new CountDownLatch(1);
  final AtomicInteger starts = new AtomicInteger();

  /** What is seen before the end, in this order. */
  final Queue<PollResult> sightings = new ConcurrentLinkedQueue<>();

  /** What the first calls are answered, in this order. */
  final Queue<StartAnswer> answers = new ConcurrentLinkedQueue<>();

  private final Point point;
  private final Path file;
  private final AttemptLimits limits;
  private int asked;
  private boolean isOnThisMachine;

  HeldTarget(Point point, Path folder, AttemptLimits limits) {
    this.point = point;
    this.file = folder.resolve("held");
    this.limits = limits;
  }

  /** The same as a command of this machine. */
  HeldTarget onThisMachine() {
    isOnThisMachine = true;
    return this;
  }

  @Override
  public String name() {
    return "held";
  }

  @Override
  public String destination() {
    return "the test";
  }

  @Override
  public AttemptLimits limits() {
    return limits;
  }

  /** Asked once by the worker, once for the chain, and then between the gate and the intent. */
  @Override
  public Optional<CommandHost> host() {
    asked++;
    if (asked == 3) {
      holdAt(Point.BEFORE_THE_INTENT);
    }
    return Optional.empty();
  }

  @Override
  public boolean isOnThisHost() {
    return isOnThisMachine;
  }

  @Override
  public boolean isCommand() {
    return true;
  }

  private void holdAt(Point here) {
    if (here == point) {
      held.countDown();
      boolean isInterrupted = false;
      while (release.getCount() > 0) {
        try {
          release.await();
        } catch (InterruptedException e) {
          isInterrupted = true;
          interrupted.countDown();
        }
      }
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    return Launches.of(_ -> start());
  }

  private StartAnswer start() {
    starts.incrementAndGet();
    holdAt(Point.IN_THE_CALL);
    StartAnswer answer = answers.poll();
    if (answer != null) {
      return answer;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.force(true);
      return new Verdict.Accepted("dep-1", "");
    } catch (IOException e) {
      return new Verdict.Refused("cannot write: " + e);
    }
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) {
    log.log("looked at");
    PollResult next = sightings.poll();
    return next == null ? new PollResult.Over(new End.Succeeded(null, "Live")) : next;
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) {
    return new LookupResult.NotThere("nothing of it", Duration.ofSeconds(1));
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) {
    return new StopResult.Done("stopped");
  }
}
