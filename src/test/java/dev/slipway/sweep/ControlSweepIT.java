package dev.slipway.sweep;

import static dev.slipway.sweep.SweepWorld.A;
import static dev.slipway.sweep.SweepWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fakes.FakeEvent;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Cancel and retry, killed at each step. */
@Order(1)
@Timeout(300)
class ControlSweepIT {
  private static final String WHY = "{\"reason\":\"it hangs\"}";

  /** Somebody cancels a deployment that waits. */
  private static class CancelOfOneThatWaits implements KillSweep.Act {
    @Override
    public boolean diesPosting() {
      return true;
    }

    @Override
    public void prepare(SweepWorld world) {
      world.commands.hold(50);
      world.deploy(50, "production", A);
      world.awaitStatus(50, "in_progress");
      world.deploy(51, "production", B);
      world.awaitStatus(51, "queued");
    }

    void cancel(SweepWorld world) {
      world.askUntil(world.api(51) + "/cancel", WHY, () -> world.state(51).equals("cancelled"));
    }

    String actor() {
      return SweepWorld.TOKEN;
    }

    @Override
    public void perform(SweepWorld world) {
      cancel(world);
      world.awaitStatus(51, "inactive");
      world.commands.release(50);
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.commands.ran()).containsExactly("began 50 " + A);
      assertThat(world.ends(50)).containsExactly(SweepWorld.DONE);
      assertThat(world.ends(51))
          .containsExactly("inactive: Cancelled by " + actor() + ": it hangs");
      assertThat(world.audit()).containsExactly("cancel by " + actor() + ": it hangs");
    }
  }

  @Test
  void what_waits_is_cancelled_by_api() throws Exception {
    KillSweep.of(CancelOfOneThatWaits::new);
  }

  private static final class ChatOpsCancelOfOneThatWaits extends CancelOfOneThatWaits {
    @Override
    public boolean diesPosting() {
      return false;
    }

    @Override
    void cancel(SweepWorld world) {
      world.deploy(
          52, "production", A, "deploy:cancel", "{\"deployment\":51,\"reason\":\"it hangs\"}");
      world.awaitStatus(52, "success");
    }

    @Override
    String actor() {
      return "mia";
    }

    @Override
    public void check(SweepWorld world) {
      super.check(world);
      assertThat(world.ends(52)).singleElement().asString().startsWith("success: ");
    }
  }

  @Test
  void what_waits_is_cancelled_by_chatops() throws Exception {
    KillSweep.of(ChatOpsCancelOfOneThatWaits::new);
  }

  private static class CancelOfCommand implements KillSweep.Act {
    @Override
    public void prepare(SweepWorld world) {
      world.commands.hold(50);
      world.deploy(50, "production", A);
      world.awaitStatus(50, "in_progress");
      world.await(() -> "not begun", () -> world.commands.ran().size() == 1);
    }

    String actor() {
      return SweepWorld.TOKEN;
    }

    void cancel(SweepWorld world) {
      world.askUntil(
          world.api(50) + "/cancel",
          WHY,
          () -> {
            JsonNode row = world.look(world.api(50));
            return row.has("stopping") || row.path("state").asString().equals("cancelled");
          });
    }

    @Override
    public void perform(SweepWorld world) {
      cancel(world);
      world.awaitStatus(50, "inactive");
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.commands.ran()).containsExactly("began 50 " + A, "stopped 50");
      // Who died between the signal and writing that down finds that it has ended
      isCancelled(world, world.deaths().isEmpty() ? "; the command was stopped" : "; the command ");
    }

    void isCancelled(SweepWorld world, String how) {
      assertThat(world.ends(50))
          .singleElement()
          .asString()
          .startsWith("inactive: Cancelled by " + actor() + ": it hangs" + how);
      assertThat(world.audit()).containsExactly("cancel by " + actor() + ": it hangs");
    }
  }

  @Test
  void a_command_is_cancelled_by_api() throws Exception {
    KillSweep.of(CancelOfCommand::new);
  }

  private static final class ChatOpsCancelOfCommand extends CancelOfCommand {
    @Override
    void cancel(SweepWorld world) {
      world.deploy(52, "production", A, "deploy:cancel", WHY);
      world.awaitStatus(52, "success");
    }

    @Override
    String actor() {
      return "mia";
    }

    @Override
    public void check(SweepWorld world) {
      super.check(world);
      assertThat(world.ends(52)).singleElement().asString().startsWith("success: ");
    }
  }

  @Test
  void a_command_is_cancelled_by_chatops() throws Exception {
    KillSweep.of(ChatOpsCancelOfCommand::new);
  }

  /** At a provider where a deploy goes on until somebody stops it. */
  private static final class CancelAtProvider extends CancelOfCommand {
    private final String environment;
    private final String how;

    CancelAtProvider(String environment, String how) {
      this.environment = environment;
      this.how = how;
    }

    @Override
    public void prepare(SweepWorld world) {
      world.deploy(50, environment, A);
      world.awaitStatus(50, "in_progress");
      world.await(
          () -> "no deploy",
          () -> !world.rows("select 1 from fact where kind = 'judged'").isEmpty());
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.atProviders(FakeEvent.DeployCreated.class)).hasSize(1);
      List<FakeEvent.CancelReceived> cancels = world.atProviders(FakeEvent.CancelReceived.class);
      assertThat(cancels).filteredOn(FakeEvent.CancelReceived::stopped).hasSize(1);
      // Asked for a second time, since nobody knew of the first, Qovery says that it was asked
      // before
      isCancelled(world, cancels.size() > 1 ? "; " : how);
    }
  }

  @Test
  void a_deploy_is_cancelled_at_render() throws Exception {
    KillSweep.of(() -> new CancelAtProvider("render", "; cancelled at Render"));
  }

  @Test
  void a_deploy_is_cancelled_at_qovery() throws Exception {
    KillSweep.of(() -> new CancelAtProvider("qovery", "; cancelled at Qovery"));
  }

  private static class Retry implements KillSweep.Act {
    @Override
    public void prepare(SweepWorld world) {
      world.commands.breakOne(50);
      world.deploy(50, "production", A);
      world.awaitStatus(50, "failure");
      world.commands.mend(50);
    }

    void retry(SweepWorld world) {
      world.askUntil(world.api(50) + "/retry", WHY, () -> !world.state(50).equals("failed"));
    }

    String actor() {
      return SweepWorld.TOKEN;
    }

    @Override
    public void perform(SweepWorld world) {
      retry(world);
      world.awaitStatus(50, "success");
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.commands.ran()).containsExactly("began 50 " + A, "began 50 " + A);
      assertThat(world.ends(50)).containsExactly("failure: Command exited with 1", SweepWorld.DONE);
      assertThat(world.audit()).containsExactly("retry by " + actor() + ": it hangs");
    }
  }

  @Test
  void what_failed_is_run_again_by_api() throws Exception {
    KillSweep.of(Retry::new);
  }

  private static final class ChatOpsRetry extends Retry {
    @Override
    void retry(SweepWorld world) {
      world.deploy(52, "production", A, "deploy:retry", WHY);
      world.awaitStatus(52, "success");
    }

    @Override
    String actor() {
      return "mia";
    }

    @Override
    public void check(SweepWorld world) {
      super.check(world);
      assertThat(world.ends(52)).singleElement().asString().startsWith("success: ");
    }
  }

  @Test
  void what_failed_is_run_again_by_chatops() throws Exception {
    KillSweep.of(ChatOpsRetry::new);
  }
}
