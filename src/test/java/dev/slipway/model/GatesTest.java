package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What gates say about a deployment. */
class GatesTest {
  private static final String COMMIT = "a1".repeat(20);

  private static Deployment deployment(
      @Nullable Long githubId, @Nullable String sha, String ref, String creator) {
    return new Deployment(
        new Repository("github.com", 7, "octo/hello"),
        githubId,
        sha,
        ref,
        new Environment("production", false, true),
        "deploy",
        "{}",
        "",
        creator,
        Instant.EPOCH);
  }

  @Test
  void a_ref_or_a_creator_that_is_not_let_in_is_named_with_what_to_do() {
    Gates gates = new Gates(List.of("main", "release/*"), List.of("mia"), null);

    assertThat(gates.objection(deployment(42L, COMMIT, "main", "Mia"))).isEmpty();
    assertThat(gates.objection(deployment(42L, COMMIT, "release/7", "mia"))).isEmpty();
    assertThat(gates.objection(deployment(42L, COMMIT, "feature", "mia")))
        .contains("gates.refs lets main, release/* in, not \"feature\": deploy one of these");
    assertThat(gates.objection(deployment(42L, COMMIT, "main", "bob")))
        .contains("gates.creators lets mia in, not \"bob\": one of them may deploy it");
    assertThat(gates.objection(deployment(null, COMMIT, "main", "API")))
        .as("an order of the API has no creator on GitHub")
        .isEmpty();
    assertThat(Gates.NONE.objection(deployment(42L, COMMIT, "feature", "bob"))).isEmpty();
  }

  @Test
  void the_same_commit_must_be_live_in_the_environment_before() {
    Gates gates = new Gates(List.of(), List.of(), "staging");
    Deployment wanted = deployment(42L, COMMIT, "main", "mia");

    assertThat(gates.objection(wanted, Optional.of(COMMIT))).isEmpty();
    assertThat(gates.objection(wanted, Optional.of("b2".repeat(20))))
        .contains(
            "gates.after wants a1a1a1a live in staging, where b2b2b2b is: deploy it there first");
    assertThat(gates.objection(wanted, Optional.empty()))
        .contains(
            "gates.after wants a1a1a1a live in staging, where nothing is: deploy it there first");
    assertThat(gates.objection(deployment(null, null, "", "API"), Optional.of(COMMIT)))
        .contains(
            "gates.after wants the newest commit live in staging, where a1a1a1a is:"
                + " deploy it there first");
    assertThat(Gates.NONE.objection(wanted, Optional.empty())).isEmpty();
  }
}
