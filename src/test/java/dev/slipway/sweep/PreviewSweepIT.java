package dev.slipway.sweep;

import static dev.slipway.sweep.SweepWorld.A;
import static dev.slipway.sweep.SweepWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An environment is destroyed and its deployments are deleted, killed at each step. */
@Order(1)
@Timeout(300)
class PreviewSweepIT {
  /** GitHub says that the pull request was closed. */
  private static class Closed implements KillSweep.Act {
    @Override
    public boolean diesPosting() {
      return true;
    }

    @Override
    public final void prepare(SweepWorld world) {
      world.succeed(49, "pr-12", A);
      world.succeed(50, "pr-12", B);
    }

    void destroy(SweepWorld world) {
      world.closePullRequest();
    }

    List<String> audit() {
      return List.of();
    }

    @Override
    public final void perform(SweepWorld world) {
      destroy(world);
      world.awaitStatus(50, "inactive");
    }

    @Override
    public final void check(SweepWorld world) {
      assertThat(world.commands.ran())
          .containsExactly("began 49 " + A, "began 50 " + B, "destroyed pr-12");
      for (long id : List.of(49L, 50L)) {
        assertThat(world.ends(id))
            .containsExactly(SweepWorld.DONE, "inactive: Destroyed: pull request #12 was closed");
        // A second time only when nobody knew of the first
        assertThat(world.hub.sinceDeletion(id))
            .hasSizeBetween(1, 1 + world.deaths().size())
            .containsOnly("asked");
      }
      assertThat(world.audit()).isEqualTo(audit());
    }
  }

  @Test
  void a_pull_request_is_closed() throws Exception {
    KillSweep.of(Closed::new);
  }

  private static final class Pruned extends Closed {
    @Override
    public boolean diesPosting() {
      return false;
    }

    @Override
    void destroy(SweepWorld world) {
      // What is destroyed already is not destroyed again
      world.askUntil("/api/environments/prune", "{}", () -> false);
    }

    @Override
    List<String> audit() {
      return List.of("destroy by " + SweepWorld.TOKEN + ": pull request #12 was closed");
    }
  }

  @Test
  void environments_are_pruned() throws Exception {
    KillSweep.of(Pruned::new);
  }
}
