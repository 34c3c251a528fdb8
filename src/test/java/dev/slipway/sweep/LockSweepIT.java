package dev.slipway.sweep;

import static dev.slipway.sweep.SweepWorld.A;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What keeps deployments from starting, and its end, killed at each step. */
@Order(1)
@Timeout(300)
class LockSweepIT {
  private static final String PLACE =
      "\"repository\":\"octo-org/hello-world\",\"environment\":\"production\"";

  /** Locks, has a deployment wait, and unlocks. */
  private static class LockAndUnlock implements KillSweep.Act {
    void lock(SweepWorld world) {
      world.askUntil(
          "/api/locks", "{" + PLACE + ",\"reason\":\"migration\"}", () -> isLocked(world));
    }

    void unlock(SweepWorld world) {
      world.askUntil("/api/locks/unlock", "{" + PLACE + "}", () -> !isLocked(world));
    }

    String actor() {
      return SweepWorld.TOKEN;
    }

    private static boolean isLocked(SweepWorld world) {
      return !world.look("/api/locks").path("locks").isEmpty();
    }

    @Override
    public final void perform(SweepWorld world) {
      lock(world);
      world.deploy(52, "production", A);
      world.awaitStatus(52, "queued: Locked by " + actor() + ": migration");
      assertThat(world.commands.ran()).as("what runs while it is locked").isEmpty();
      assertThat(world.look("/api/locks").path("locks").size()).isEqualTo(1);
      unlock(world);
      world.awaitStatus(52, "success");
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.commands.ran()).containsExactly("began 52 " + A);
      assertThat(world.ends(52)).containsExactly(SweepWorld.DONE);
      assertThat(world.audit())
          .containsExactly(
              "lock by " + actor() + ": migration", "unlock by " + actor() + ": migration");
      assertThat(isLocked(world)).isFalse();
    }
  }

  @Test
  void an_environment_is_locked_and_unlocked_by_api() throws Exception {
    KillSweep.of(LockAndUnlock::new);
  }

  private static final class ChatOpsLockAndUnlock extends LockAndUnlock {
    @Override
    void lock(SweepWorld world) {
      world.deploy(51, "production", A, "deploy:lock", "{\"reason\":\"migration\"}");
      world.awaitStatus(51, "success");
    }

    @Override
    void unlock(SweepWorld world) {
      world.deploy(53, "production", A, "deploy:unlock", "{}");
      world.awaitStatus(53, "success");
    }

    @Override
    String actor() {
      return "mia";
    }

    @Override
    public void check(SweepWorld world) {
      super.check(world);
      assertThat(world.ends(51)).containsExactly("success: Locked production for mia: migration");
      assertThat(world.ends(53)).singleElement().asString().startsWith("success: ");
    }
  }

  @Test
  void an_environment_is_locked_and_unlocked_by_chatops() throws Exception {
    KillSweep.of(ChatOpsLockAndUnlock::new);
  }

  private static final class FreezeOverride implements KillSweep.Act {
    @Override
    public void prepare(SweepWorld world) {
      world.deploy(50, "frozen", A);
      world.awaitStatus(50, "queued: Frozen");
    }

    @Override
    public void perform(SweepWorld world) {
      world.askUntil(
          world.api(50) + "/override",
          "{\"reason\":\"outage\"}",
          () -> !world.state(50).equals("queued"));
      world.awaitStatus(50, "success");
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.commands.ran()).containsExactly("began 50 " + A);
      assertThat(world.ends(50)).containsExactly(SweepWorld.DONE);
      assertThat(world.audit())
          .containsExactly("override_freeze by " + SweepWorld.TOKEN + ": outage");
    }
  }

  @Test
  void a_freeze_window_is_overridden() throws Exception {
    KillSweep.of(FreezeOverride::new);
  }
}
