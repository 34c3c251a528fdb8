package dev.slipway.targets;

import dev.slipway.model.Attempt;
import dev.slipway.model.StartAnswer;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/** Starts without requests: of commands, and of targets that a test plays. */
public final class Launches {
  /** Sends nothing. */
  public static final StartExecutor EXECUTOR =
      new StartExecutor(
          (call, _) -> {
            throw new AssertionError("sent: " + call);
          },
          InstantSource.system());

  private static final AttemptLog SILENT =
      new AttemptLog() {
        @Override
        public void log(String line) {
          throw new AssertionError("logged: " + line);
        }

        @Override
        public void output(byte[] bytes, int offset, int length) {
          throw new AssertionError("a start has no output");
        }
      };

  private Launches() {}

  /** The start of a target that a test plays. */
  public static PreparedStart of(PreparedStart.Launcher launcher) {
    return new PreparedStart.Launch("the test", "", Map.of(), Set.of(), launcher);
  }

  /** Starts a command whose run is surely ours. */
  public static StartAnswer launch(Target target, Attempt attempt) throws InterruptedException {
    try {
      return launch(target, attempt, () -> {});
    } catch (FencedException e) {
      throw new AssertionError(e);
    }
  }

  public static StartAnswer launch(Target target, Attempt attempt, Fence fence)
      throws FencedException, InterruptedException {
    return EXECUTOR.start(target, attempt, fence, SILENT);
  }
}
