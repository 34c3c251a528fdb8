package dev.slipway.reconcile;

import static dev.slipway.store.TestDatabases.SQLITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looking costs of GitHub's hourly limit. */
class ReadBudgetTest {
  private static final Duration EVERY = Duration.ofMinutes(5);

  @Test
  void an_hour_with_two_hundred_quiet_repositories_costs_less_than_a_tenth() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(200))) {
      for (int i = 0; i < 12; i++) {
        with.round();
        with.pass(EVERY);
      }

      assertThat(with.hub.calls).hasSizeGreaterThanOrEqualTo(12 * 200);
      assertThat(with.hub.counted.size()).isLessThan(500);
      with.round();
      with.hub.forget();
      with.round();
      assertThat(with.hub.counted).isEmpty();
    }
  }

  @Test
  void hooks_of_two_hundred_repositories_cost_no_more_and_all_get_their_turn() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(200))) {
      for (String name : ReconcileFixture.repositories(200)) {
        with.hub.put("/repos/" + name + "/hooks", ReconcileFixture.hook(8));
        with.hub.put("/repos/" + name + "/hooks/8/deliveries", "[]");
      }
      Set<String> swept = new HashSet<>();
      for (int hour = 0; hour < 3; hour++) {
        with.round();
        with.pass(Duration.ofMinutes(30));
        with.round();
        with.pass(Duration.ofMinutes(30));
        assertThat(with.hub.counted.size()).isLessThan(500);
        swept.addAll(with.hub.calls.stream().filter(call -> call.contains("/deliveries")).toList());
        with.hub.forget();
      }

      assertThat(swept).hasSize(200);
    }
  }

  @Test
  void a_short_budget_goes_round_until_every_repository_had_its_turn() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(25))) {
      with.hub.limit(100, 10_000);
      with.round();
      with.hub.forget();
      Set<String> asked = new HashSet<>();
      for (int hour = 0; hour < 6; hour++) {
        with.pass(Duration.ofHours(1));
        with.round();
        assertThat(with.hub.counted.size()).isLessThanOrEqualTo(10);
        asked.addAll(with.hub.calls);
        with.hub.forget();
      }

      assertThat(asked).hasSizeGreaterThanOrEqualTo(25);
    }
  }

  @Test
  void nothing_is_asked_while_less_than_a_quarter_is_left() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(20))) {
      with.hub.limit(5_000, 1_253);

      with.round();

      // A few look at once, and answers may pass each other: some more are asked, not all twenty
      assertThat(with.hub.calls).hasSizeBetween(4, 15);
    }
  }

  @Test
  void a_repository_that_github_hides_rests_and_the_others_are_looked_at() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(3))) {
      with.hub.refuse("/repos/acme/app-0/deployments", 404);
      with.round();
      assertThat(with.hub.calls).anyMatch(call -> call.contains("app-2/deployments"));
      with.hub.forget();
      with.pass(EVERY);
      with.round();
      assertThat(with.hub.calls).noneMatch(call -> call.contains("app-0"));

      with.pass(Duration.ofHours(1));
      with.round();

      assertThat(with.hub.calls).anyMatch(call -> call.contains("app-0/deployments"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {422, 500, 502})
  void a_repository_that_always_answers_badly_holds_up_no_other(int code) throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(12))) {
      with.hub.refuse("/repos/acme/app-0/deployments", code);
      with.hub.refuse("/repos/acme/app-3/deployments", code);
      with.round();
      assertThat(with.hub.calls).anyMatch(call -> call.contains("app-11/deployments"));
      with.hub.forget();
      with.pass(EVERY);

      with.round();

      assertThat(with.hub.calls).filteredOn(call -> call.contains("/deployments?")).hasSize(12);
    }
  }

  @Test
  void a_wrong_token_ends_the_round() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(12))) {
      with.hub.refuse("/repos/acme/app-0/deployments", 401);

      with.round();

      assertThat(with.hub.calls).hasSize(1);
    }
  }

  @Test
  void a_list_that_is_longer_than_what_is_read_at_once_is_read_on_in_the_next_round()
      throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE)) {
      with.looked();
      with.pass(Duration.ofHours(1));
      String path = ReconcileFixture.WEB + "?per_page=100";
      for (int page = 1; page <= 12; page++) {
        with.hub.put(
            path,
            "["
                + ReconcileFixture.Made.of(500 - page, ReconcileFixture.START.plusSeconds(900))
                    .json()
                + "]");
        with.hub.put(ReconcileFixture.WEB + "/" + (500 - page) + "/statuses", "[]");
        String next = ReconcileFixture.WEB + "?per_page=100&page=" + (page + 1);
        if (page < 12) {
          with.hub.link(path, "<" + with.hub.address() + next + ">; rel=\"next\"");
        }
        path = next;
      }
      with.round();
      assertThat(with.kept()).hasSize(10);
      assertThat(with.rows("select coalesce(etag, '') from reconcile_repository"))
          .containsExactly("");

      with.round();

      assertThat(with.kept()).hasSize(12);
    }
  }

  @Test
  void a_rate_limit_ends_the_round() throws Exception {
    try (ReconcileFixture with = new ReconcileFixture(SQLITE, ReconcileFixture.repositories(3))) {
      with.hub.refuse("/repos/acme/app-0/deployments", 429);

      with.round();

      assertThat(with.hub.calls).hasSize(1);
    }
  }
}
