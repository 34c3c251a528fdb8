package dev.slipway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.QueueMember;
import dev.slipway.model.RunPurpose;
import dev.slipway.store.DeploymentHistory.RunHistory;
import dev.slipway.store.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What to do about a deployment, by its last run. */
class DeploymentAdviceTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");

  private static List<String> advice(@Nullable End end, boolean waits, boolean isGithubs) {
    StoredRun.State state =
        end != null
            ? StoredRun.State.ENDED
            : waits ? StoredRun.State.QUEUED : StoredRun.State.RUNNING;
    StoredRun run =
        new StoredRun(
            9,
            7,
            1,
            "web",
            List.of("shell"),
            new RunPurpose.Deploy(),
            "key",
            state,
            T0,
            null,
            null,
            end);
    Optional<QueueMember> first =
        waits
            ? Optional.of(new QueueMember(8, 6, 1, 42L, "octo/hello", "production"))
            : Optional.empty();
    return DeploymentAdvice.ofRun(
        new RunHistory(run, List.of(), waits ? 1 : 0, first), 7, isGithubs);
  }

  static List<End> bad() {
    return List.of(
        new End.Failed("exit 1"), new End.Errored("unknown"), new End.Cancelled("by ann"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void what_ended_badly_is_run_again_by_its_number(End end) {
    assertThat(advice(end, false, true))
        .containsExactly(
            "its log page has the output; `retry 7` runs it again, as redelivering the same delivery"
                + " on GitHub does (Recent deliveries); a newer commit needs a new deployment");
    assertThat(advice(end, false, false))
        .as("GitHub cannot deliver what it does not know")
        .containsExactly(
            "its log page has the output; `retry 7` runs it again; a newer commit needs a new"
                + " deployment");
  }

  @Test
  void what_waits_can_be_cancelled_and_where_all_is_well_there_is_nothing_to_do() {
    assertThat(advice(null, true, true))
        .containsExactly(
            "it runs when those before it have ended, or is replaced by a newer one; `cancel 7` ends"
                + " it");
    assertThat(advice(null, false, true)).isEmpty();
    assertThat(advice(new End.Succeeded(null, "live"), false, true)).isEmpty();
    assertThat(advice(new End.Superseded("replaced"), false, true))
        .containsExactly("a newer deployment took its place: nothing is to be done about this one");
  }
}
