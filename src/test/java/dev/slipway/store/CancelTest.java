package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.End;
import dev.slipway.model.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a cancel does to a deployment that waits, runs or has ended, on both databases. */
class CancelTest {
  private static final Instant T0 = ManyDeployments.T0;
  private static final Fact.CancelRequested BY_ANN =
      new Fact.CancelRequested(T0.plusSeconds(5), "ann", "wrong commit");
  private static final Fact.CancelRequested BY_BOB =
      new Fact.CancelRequested(T0.plusSeconds(6), "bob", "");
  private static final End CANCELLED = new End.Cancelled("Cancelled by ann: wrong commit");

  private static long accept(Database database, long githubId) {
    return ManyDeployments.accept(database, ManyDeployments.deployment(githubId), "shared");
  }

  private static Optional<CancelResult> cancel(
      Database database, long id, Fact.CancelRequested request) {
    return new Inbox(database, Duration.ofDays(90)).record(ledger -> ledger.cancel(id, request));
  }

  private static LeasedRun take(Database database) {
    return LeasedRuns.acquire(new Runs(database, Duration.ofMinutes(1)), "worker", T0)
        .orElseThrow();
  }

  private static List<String> statuses(Database database, long id) {
    return new DeploymentQueries(database)
        .find(id).orElseThrow().statuses().stream()
            .map(one -> one.status().state().code() + ": " + one.status().description())
            .toList();
  }

  @ParameterizedTest
  @EnumSource
  void one_that_waits_ends_at_once_and_the_others_move_up(TestDatabases kind) {
    try (Database database = kind.open()) {
      accept(database, 1);
      take(database);
      long second = accept(database, 2);
      long third = accept(database, 3);

      assertThat(cancel(database, second, BY_ANN)).contains(new CancelResult.Ended(CANCELLED));

      assertThat(statuses(database, second))
          .last()
          .isEqualTo("inactive: Cancelled by ann: wrong commit");
      assertThat(statuses(database, third))
          .last()
          .isEqualTo("queued: Next in the queue: waits for another repository's deployment");
      assertThat(new Logs(database).read(second, 0, 1000).text())
          .isEqualTo("2026-11-21T10:00:05.000Z ▸ Cancelled by ann: wrong commit\n");
      assertThat(new Counters(database).runCounts().queued()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_first_that_waits_gives_its_place_to_the_next(TestDatabases kind) {
    try (Database database = kind.open()) {
      long first = accept(database, 1);
      long second = accept(database, 2);
      cancel(database, first, BY_ANN);
      assertThat(take(database).deployment().id()).isEqualTo(second);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_only_one_that_waits_leaves_an_empty_queue(TestDatabases kind) {
    try (Database database = kind.open()) {
      cancel(database, accept(database, 1), BY_ANN);
      assertThat(LeasedRuns.acquire(new Runs(database, Duration.ofMinutes(1)), "worker", T0))
          .isEmpty();
      long next = accept(database, 2);
      assertThat(take(database).deployment().id()).isEqualTo(next);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_runs_is_asked_to_stop_once_and_the_second_is_told_of_the_first(TestDatabases kind) {
    try (Database database = kind.open()) {
      long id = accept(database, 1);
      LeasedRun running = take(database);
      Runs runs = new Runs(database, Duration.ofMinutes(1));
      assertThat(runs.stopRequests("worker")).isEmpty();

      assertThat(cancel(database, id, BY_ANN)).contains(new CancelResult.Requested());
      assertThat(cancel(database, id, BY_BOB)).contains(new CancelResult.AlreadyRequested(BY_ANN));

      assertThat(runs.stopRequests("worker")).containsExactly(running.run().id());
      assertThat(runs.facts(running.run().id())).containsExactly(BY_ANN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_has_ended_stays_as_it_is(TestDatabases kind) throws LeaseLostException {
    try (Database database = kind.open()) {
      long id = accept(database, 1);
      End live = new End.Succeeded(null, "live");
      new Runs(database, Duration.ofMinutes(1))
          .settle(take(database).lease(), List.of(), live, "", T0);
      List<String> before = statuses(database, id);

      assertThat(cancel(database, id, BY_ANN)).contains(new CancelResult.TooLate(live));

      assertThat(statuses(database, id)).isEqualTo(before);
      assertThat(cancel(database, 4711, BY_ANN)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_many_at_once_one_wins(TestDatabases kind) throws Exception {
    try (Database database = kind.open();
        ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
      long id = accept(database, 1);
      take(database);
      List<Future<Optional<CancelResult>>> all =
          IntStream.range(0, 8)
              .mapToObj(
                  number ->
                      people.submit(
                          () ->
                              cancel(
                                  database,
                                  id,
                                  new Fact.CancelRequested(T0, "person " + number, ""))))
              .toList();
      int won = 0;
      for (Future<Optional<CancelResult>> one : all) {
        won += one.get().orElseThrow() instanceof CancelResult.Requested ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    }
  }
}
