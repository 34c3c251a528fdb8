package dev.slipway.store;

import static dev.slipway.store.ManyDeployments.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.store.Releases.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleasesTest {
  private static final End LIVE = new End.Succeeded(null, "");

  private static Deployment deployment(long githubId, String sha) {
    Deployment made = ManyDeployments.deployment(1);
    return new Deployment(
        made.repository(),
        githubId,
        sha.repeat(40),
        made.ref(),
        made.environment(),
        made.task(),
        made.payload(),
        made.description(),
        made.creator(),
        made.createdAt());
  }

  private static void end(Database database, Deployment deployment, int second, End end)
      throws LeaseLostException {
    ManyDeployments.accept(database, deployment, "queue");
    Runs runs = new Runs(database, Duration.ofSeconds(20));
    runs.settle(
        LeasedRuns.acquire(runs, "w", T0).orElseThrow().lease(),
        List.of(),
        end,
        "",
        T0.plusSeconds(second));
  }

  private static Optional<String> sha(Optional<Release> release) {
    return release.map(one -> one.deployment().deployment().sha()).map(sha -> sha.substring(0, 1));
  }

  @ParameterizedTest
  @EnumSource
  void the_one_before_succeeded_earlier_with_another_commit(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      end(database, deployment(1, "a"), 1, LIVE);
      end(database, deployment(2, "b"), 2, LIVE);
      end(database, deployment(3, "c"), 3, new End.Failed("no"));
      end(database, deployment(4, "d"), 4, LIVE);
      end(database, deployment(5, "d"), 5, LIVE);
      Releases releases = new Releases(database);
      Deployment one = deployment(1, "a");

      Optional<Release> live = releases.live(one.repository(), one.environment());
      Optional<Release> before = releases.before(live.orElseThrow());
      Optional<Release> first = releases.before(before.orElseThrow());

      assertThat(sha(live)).contains("d");
      assertThat(live.orElseThrow().at()).isEqualTo(T0.plusSeconds(5));
      assertThat(sha(before)).contains("b");
      assertThat(sha(first)).contains("a");
      assertThat(releases.before(first.orElseThrow())).isEmpty();
      assertThat(releases.find(3)).isEmpty();
      assertThat(sha(releases.find(2))).contains("b");
    }
  }
}
