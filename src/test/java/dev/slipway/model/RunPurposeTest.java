package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunPurposeTest {
  private static final RunPurpose DESTROY =
      new RunPurpose.Destroy("pull request #12 was closed", true);

  @Test
  void what_destroys_tells_its_ends_as_such() {
    assertThat(DESTROY.endOf(new End.Succeeded(null, "Command finished")))
        .isEqualTo(new End.Destroyed("Destroyed: pull request #12 was closed"));
    assertThat(DESTROY.endOf(new End.Failed("Command exited with 1")))
        .isEqualTo(new End.Failed("Not destroyed: Command exited with 1"));
    assertThat(DESTROY.endOf(new End.Errored("Outcome unknown")))
        .isEqualTo(new End.Errored("Not known to be destroyed: Outcome unknown"));
    assertThat(DESTROY.endOf(new End.Cancelled("Cancelled by ann")))
        .as("inactive would say that it is gone")
        .isEqualTo(new End.Failed("Not destroyed: Cancelled by ann"));
    assertThat(GithubState.of(new End.Destroyed(""))).isEqualTo(GithubState.INACTIVE);
  }

  @Test
  void what_deploys_leaves_its_ends() {
    End end = new End.Failed("no");

    assertThat(RunPurpose.DEPLOY.endOf(end)).isSameAs(end);
  }

  @Test
  void a_purpose_is_read_back_from_its_code() {
    for (RunPurpose purpose : List.of(DESTROY, new RunPurpose.Destroy("why", false))) {
      assertThat(RunPurpose.of(purpose.code(), ((RunPurpose.Destroy) purpose).reason()))
          .isEqualTo(purpose);
    }
    assertThat(RunPurpose.of(RunPurpose.DEPLOY.code(), "")).isEqualTo(RunPurpose.DEPLOY);
    assertThatThrownBy(() -> RunPurpose.of("new", "")).hasMessage("unknown purpose: new");
  }
}
