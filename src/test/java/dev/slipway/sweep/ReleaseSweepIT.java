package dev.slipway.sweep;

import static dev.slipway.sweep.SweepWorld.A;
import static dev.slipway.sweep.SweepWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.StateSchedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deployments, and what orders them: killed at each step. */
@Order(1)
@Timeout(300)
class ReleaseSweepIT {
  private static final String REPOSITORY = "\"repository\":\"octo-org/hello-world\"";

  /** GitHub's event of a deployment to a command. */
  private static final class Deployment implements KillSweep.Act {
    @Override
    public boolean diesPosting() {
      return true;
    }

    @Override
    public void perform(SweepWorld world) {
      world.deploy(50, "production", A);
      world.awaitStatus(50, "success");
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.commands.ran()).containsExactly("began 50 " + A);
      assertThat(world.ends(50)).containsExactly(SweepWorld.DONE);
      assertThat(world.audit()).isEmpty();
    }
  }

  @Test
  void a_deployment_is_delivered() throws Exception {
    KillSweep.of(Deployment::new);
  }

  /** An order of the API that has GitHub create a deployment of commit A to production. */
  private static final class Placed implements KillSweep.Act {
    private final String path;
    private final String body;
    private final String action;
    private boolean isAcknowledged;

    Placed(String path, String body, String action) {
      this.path = path;
      this.body = body;
      this.action = action;
    }

    @Override
    public void prepare(SweepWorld world) {
      world.succeed(50, action.equals("promote") ? "staging" : "production", A);
      world.succeed(51, "production", B);
    }

    @Override
    public void perform(SweepWorld world) {
      SweepWorld.Answer answer = world.ask(path, body, "key");
      for (int i = 0; answer.status() == 409; i++) {
        // GitHub was asked, and what came of that is not known: whoever ordered looks there
        assertThat(answer.body().path("title").asString()).isEqualTo("Unknown outcome");
        assertThat(i).as("times that it is not known").isLessThan(world.deaths().size());
        if (!world.hub.created().isEmpty()) {
          return;
        }
        answer = world.ask(path, body, "key-" + i);
      }
      assertThat(answer.status()).as("%s", answer.body()).isBetween(200, 202);
      isAcknowledged = true;
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.hub.created()).hasSize(1);
      areReleased(world);
      String by = action + " by " + SweepWorld.TOKEN + ": broken";
      assertThat(world.audit()).isEqualTo(isAcknowledged ? List.of(by) : List.of());
    }
  }

  /** Each deployment that was created is the one that was wanted, and its command ran once. */
  private static void areReleased(SweepWorld world) {
    List<String> ran = new ArrayList<>(List.of("began 50 " + A, "began 51 " + B));
    for (SweptHub.Created created : world.hub.created()) {
      assertThat(created.sha()).isEqualTo(A);
      assertThat(created.environment()).isEqualTo("production");
      assertThat(world.ends(created.id())).containsExactly(SweepWorld.DONE);
      ran.add("began " + created.id() + " " + A);
    }
    assertThat(world.commands.ran()).isEqualTo(ran);
  }

  @Test
  void a_rollback_is_ordered_by_api() throws Exception {
    KillSweep.of(
        () ->
            new Placed("/api/rollback", "{" + REPOSITORY + ",\"reason\":\"broken\"}", "rollback"));
  }

  @Test
  void a_promotion_is_ordered_by_api() throws Exception {
    KillSweep.of(
        () ->
            new Placed(
                "/api/promote",
                "{"
                    + REPOSITORY
                    + ",\"from\":\"staging\",\"to\":\"production\",\"reason\":\"broken\"}",
                "promote"));
  }

  /** A deployment at Render, seconds after another one of the same commit went live there. */
  private static final class SoonAtRender implements KillSweep.Act {
    @Override
    public void set(SweepWorld world) {
      world.renderDeploys(StateSchedule.of(List.of(), "live"));
    }

    @Override
    public void prepare(SweepWorld world) {
      world.succeed(50, "render", A);
      world.succeed(51, "render", B);
    }

    @Override
    public void perform(SweepWorld world) {
      world.deploy(52, "render", A);
      world.awaitStatus(52, "success");
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.atProviders(FakeEvent.DeployCreated.class))
          .extracting(FakeEvent.DeployCreated::commit)
          .containsExactly(A, B, A);
      assertThat(world.ends(52)).singleElement().asString().startsWith("success: ");
    }
  }

  @Test
  void a_commit_is_deployed_again_at_render() throws Exception {
    KillSweep.of(SoonAtRender::new);
  }

  /** A task of ChatOps that has GitHub create a deployment of commit A to production. */
  private static final class Told implements KillSweep.Act {
    private final String task;
    private final String action;

    Told(String task, String action) {
      this.task = task;
      this.action = action;
    }

    @Override
    public void prepare(SweepWorld world) {
      world.succeed(50, action.equals("promote") ? "staging" : "production", A);
      world.succeed(51, "production", B);
    }

    @Override
    public void perform(SweepWorld world) {
      world.deploy(52, "production", B, task, "{\"from\":\"staging\",\"reason\":\"broken\"}");
      world.await(() -> "no answer: " + world.hub.statuses(52), () -> !world.ends(52).isEmpty());
    }

    @Override
    public void check(SweepWorld world) {
      List<String> ends = world.ends(52);
      List<String> done =
          ends.stream().filter(end -> end.startsWith("success: Deployment ")).toList();
      assertThat(world.audit())
          .isEqualTo(Collections.nCopies(done.size(), action + " by mia: broken"));
      if (ends.getFirst().startsWith("failure: Unknown outcome")) {
        assertThat(world.deaths()).isNotEmpty();
        // Its event may be delivered again then, which is how another run is asked for
        assertThat(ends).hasSizeBetween(1, 1 + world.deaths().size());
        assertThat(world.hub.created()).hasSizeBetween(done.size(), ends.size());
      } else {
        assertThat(ends).isEqualTo(done).hasSize(1);
        assertThat(world.hub.created()).hasSize(1);
      }
      areReleased(world);
    }
  }

  @Test
  void a_rollback_is_ordered_by_chatops() throws Exception {
    KillSweep.of(() -> new Told("rollback", "rollback"));
  }

  @Test
  void a_promotion_is_ordered_by_chatops() throws Exception {
    KillSweep.of(() -> new Told("deploy:promote", "promote"));
  }

  /** An order of which GitHub knows nothing. */
  private static final class OwnOrder implements KillSweep.Act {
    @Override
    public void perform(SweepWorld world) {
      SweepWorld.Answer answer =
          world.ask(
              "/api/deploy_application",
              "{" + REPOSITORY + ",\"environment\":\"production\",\"sha\":\"" + A + "\"}",
              "key-1");
      assertThat(answer.status()).as("%s", answer.body()).isBetween(200, 202);
    }

    @Override
    public void check(SweepWorld world) {
      assertThat(world.commands.ran()).singleElement().asString().endsWith(A);
      assertThat(world.audit()).containsExactly("deploy by " + SweepWorld.TOKEN + ": ");
      assertThat(world.rows("select end_kind from run")).containsExactly("succeeded");
    }
  }

  @Test
  void a_deployment_is_ordered_by_api() throws Exception {
    KillSweep.of(OwnOrder::new);
  }
}
