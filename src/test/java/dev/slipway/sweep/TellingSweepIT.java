package dev.slipway.sweep;

import static dev.slipway.sweep.SweepWorld.A;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told and run after a deployment, killed at each step. */
@Order(1)
@Timeout(300)
class TellingSweepIT {
  /** A command after the end. */
  private static final class AfterEnd implements KillSweep.Act {
    private final boolean succeeds;

    AfterEnd(boolean succeeds) {
      this.succeeds = succeeds;
    }

    @Override
    public void set(SweepWorld world) {
      world.set(
          succeeds ? "SLIPWAY_AFTER_SUCCESS_CMD" : "SLIPWAY_AFTER_FAILURE_CMD",
          "cd " + world.folder + "; echo after $SLIPWAY_STATE >> ran");
    }

    @Override
    public void prepare(SweepWorld world) {
      if (!succeeds) {
        world.commands.breakOne(50);
      }
      world.commands.hold(50);
      world.deploy(50, "production", A);
      world.awaitStatus(50, "in_progress");
      world.await(() -> "not begun", () -> world.commands.ran().size() == 1);
    }

    @Override
    public void perform(SweepWorld world) {
      world.commands.release(50);
      world.await(() -> "no end", () -> !world.ends(50).isEmpty());
    }

    @Override
    public void check(SweepWorld world) {
      String end = succeeds ? "success" : "failure";
      assertThat(world.ends(50)).singleElement().asString().startsWith(end);
      List<String> problems = world.rows("select coalesce(problem, '') from notification");
      assertThat(problems).hasSize(1);
      if (problems.getFirst().contains("it is not known whether it ran")) {
        assertThat(world.deaths())
            .as("when it was to start")
            .anyMatch(step -> step.contains("notification"));
        assertThat(world.commands.ran()).containsAnyOf("began 50 " + A).hasSizeBetween(1, 2);
      } else {
        assertThat(problems).containsExactly("");
        assertThat(world.commands.ran()).containsExactly("began 50 " + A, "after " + end);
      }
    }
  }

  @Test
  void a_command_runs_after_a_success() throws Exception {
    KillSweep.of(() -> new AfterEnd(true));
  }

  @Test
  void a_command_runs_after_a_failure() throws Exception {
    KillSweep.of(() -> new AfterEnd(false));
  }

  /** A receiver is told of a deployment. */
  private static final class Notified implements KillSweep.Act {
    @Override
    public void set(SweepWorld world) {
      world.set("SLIPWAY_NOTIFY_URL", world.receiver());
      world.set("SLIPWAY_NOTIFY_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    @Override
    public void perform(SweepWorld world) {
      world.deploy(50, "production", A);
      world.awaitStatus(50, "success");
    }

    @Override
    public void check(SweepWorld world) {
      List<String> received = world.received();
      assertThat(received.stream().distinct().map(one -> one.replaceFirst(".* ", "")).toList())
          .as("%s", received)
          .containsExactly("deployment.in_progress", "deployment.success");
      // In order, and again only what nobody knew to be there
      assertThat(received).hasSizeBetween(2, 2 + world.deaths().size());
      assertThat(received.getLast()).endsWith("success");
    }
  }

  @Test
  void a_receiver_is_told() throws Exception {
    KillSweep.of(Notified::new);
  }
}
