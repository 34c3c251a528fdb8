package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.model.Actor;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.GithubState;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.model.WebhookSubscription;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which notifications there are, in which order they leave, and who has one in hand. */
class NotificationsTest {
  private static final Actor ANN = new Actor("ann", Actor.Via.API);
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00.123Z");
  private static final Duration CLAIM = Duration.ofMinutes(1);
  private static final Route ROUTE =
      new Route(
          "default", RouteMatch.ANY, OriginPolicy.NONE, List.of("shell"), null, QueuePolicy.LATEST);
  private static final WebhookSubscription ALL =
      new WebhookSubscription("all", EnumSet.allOf(GithubState.class), List.of(), List.of());
  private static final Status WORKING = new Status(GithubState.IN_PROGRESS, "Starting");
  private static final Status LIVE = new Status(GithubState.SUCCESS, "live");

  /** Time passes as the test says, on PostgreSQL too. */
  private static Notifications notifications(
      Database database, WebhookSubscription... subscriptions) {
    return new Notifications(
        database, List.of(subscriptions), CLAIM, (_, now) -> now.toEpochMilli());
  }

  private static long deployment(
      Database database, long githubId, String environment, Status... statuses) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            githubId,
            "a".repeat(40),
            "main",
            new Environment(environment, false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    long id =
        new Inbox(database, Duration.ofDays(90))
            .record(
                ledger -> {
                  long added = ledger.addDeployment(deployment, T0);
                  ledger
                      .lockQueue("key" + githubId)
                      .enqueue(new QueueEntry(added, 1, deployment), ROUTE, T0);
                  return added;
                });
    add(database, id, statuses);
    return id;
  }

  private static long deployment(Database database, long githubId, Status... statuses) {
    return deployment(database, githubId, "production", statuses);
  }

  private static void add(Database database, long id, Status... statuses) {
    for (Status status : statuses) {
      new Inbox(database, Duration.ofDays(90))
          .record(
              ledger -> {
                ledger.addStatus(id, 1, status, T0);
                return id;
              });
    }
  }

  private static List<String> listed(Notifications notifications) {
    return notifications.list(Long.MAX_VALUE, 100).reversed().stream()
        .map(report -> report.webhook() + " " + report.state().code())
        .toList();
  }

  private static Notifications.Report newest(Notifications notifications) {
    return notifications.list(Long.MAX_VALUE, 1).getFirst();
  }

  @ParameterizedTest
  @EnumSource
  void each_webhook_is_told_of_the_statuses_that_it_wants(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications =
          notifications(
              database,
              new WebhookSubscription("ends", Set.of(GithubState.SUCCESS), List.of(), List.of()),
              new WebhookSubscription(
                  "review", EnumSet.allOf(GithubState.class), List.of("Review-*"), List.of()),
              new WebhookSubscription(
                  "octo", EnumSet.allOf(GithubState.class), List.of(), List.of("OCTO/*")),
              new WebhookSubscription(
                  "other", EnumSet.allOf(GithubState.class), List.of(), List.of("other/*")));

      deployment(database, 1, "production", WORKING, LIVE);
      deployment(database, 2, "review-7", WORKING);

      assertThat(listed(notifications))
          .containsExactlyInAnyOrder(
              "octo in_progress",
              "ends success",
              "octo success",
              "review in_progress",
              "octo in_progress");
      assertThat(notifications.waiting())
          .containsEntry("ends", 1L)
          .containsEntry("review", 1L)
          .containsEntry("octo", 3L)
          .containsEntry("other", 0L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_status_that_was_not_stored_is_told_to_nobody(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      long id = deployment(database, 1);

      assertThatThrownBy(
              () ->
                  new Inbox(database, Duration.ofDays(90))
                      .record(
                          ledger -> {
                            ledger.addStatus(id, 1, LIVE, T0);
                            throw new IllegalStateException("after the status");
                          }))
          .isInstanceOf(IllegalStateException.class);

      assertThat(listed(notifications)).isEmpty();
      assertThat(notifications.claim("all", T0)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void without_webhooks_no_statement_is_about_notifications(TestDatabases kind) throws Exception {
    String url = kind.url();
    try (RecordedStatements recorded = new RecordedStatements(url)) {
      try (Database database = Database.open(url, new DatabaseLogin(null, null))) {
        Notifications notifications = notifications(database);
        notifications.freeOrphans();
        notifications.shiftTimes(Duration.ofHours(1));
        deployment(database, 1, WORKING, LIVE);
        assertThat(notifications.waiting()).isEmpty();
      }
      assertThat(recorded.statements())
          .anyMatch(sql -> sql.contains("insert into status"))
          .noneMatch(sql -> sql.contains("notification"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void those_of_a_deployment_leave_one_after_another_and_hold_up_no_other(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      deployment(database, 1, WORKING, LIVE);
      deployment(database, 2, WORKING);

      ClaimedNotification first = notifications.claim("all", T0).orElseThrow();
      ClaimedNotification other = notifications.claim("all", T0).orElseThrow();
      assertThat(first.status()).isEqualTo(WORKING);
      assertThat(first.deployment().deployment().githubId()).isEqualTo(1);
      assertThat(other.deployment().deployment().githubId()).isEqualTo(2);
      assertThat(notifications.claim("all", T0)).isEmpty();
      assertThat(notifications.claim("another", T0)).isEmpty();

      notifications.confirmDelivered(first, T0);
      ClaimedNotification second = notifications.claim("all", T0).orElseThrow();
      assertThat(second.status()).isEqualTo(LIVE);
      assertThat(second.eventId()).isNotEqualTo(first.eventId());
      notifications.confirmDelivered(second, T0);
      notifications.confirmDelivered(other, T0);

      assertThat(notifications.claim("all", T0)).isEmpty();
      assertThat(notifications.waiting()).containsEntry("all", 0L);
      assertThat(notifications.list(Long.MAX_VALUE, 10))
          .hasSize(3)
          .allMatch(report -> T0.equals(report.deliveredAt()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_failed_waits_and_those_behind_it_with_it(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      long id = deployment(database, 1, WORKING);
      ClaimedNotification failed = notifications.claim("all", T0).orElseThrow();
      add(database, id, LIVE);
      Instant due = T0.plusSeconds(5);

      notifications.postpone(failed, due, "The receiver answered 503", T0);

      assertThat(notifications.claim("all", due.minusMillis(1))).isEmpty();
      assertThat(notifications.list(Long.MAX_VALUE, 10))
          .extracting(Notifications.Report::nextAt)
          .containsExactly(null, due);
      ClaimedNotification again = notifications.claim("all", due).orElseThrow();
      assertThat(again.eventId()).isEqualTo(failed.eventId());
      assertThat(again.failures()).isOne();

      notifications.giveUp(again, "The receiver answered 503", due);

      assertThat(notifications.claim("all", due).orElseThrow().status()).isEqualTo(LIVE);
      Notifications.Report given = notifications.list(Long.MAX_VALUE, 10).getLast();
      assertThat(given.givenUpAt()).isEqualTo(due);
      assertThat(given.failures()).isEqualTo(2);
      assertThat(given.problem()).isEqualTo("The receiver answered 503");
      assertThat(new Counters(database).counts())
          .filteredOn(count -> count.kind() == CounterKind.NOTIFICATION)
          .extracting(Counters.Count::source, Counters.Count::code, Counters.Count::number)
          .containsExactly(tuple("all", "failed", 1L), tuple("all", "given_up", 1L));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_sender_left_is_handed_out_again_and_the_late_one_changes_nothing(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      deployment(database, 1, WORKING);
      ClaimedNotification left = notifications.claim("all", T0).orElseThrow();
      Instant later = T0.plus(CLAIM).plusSeconds(1);

      assertThat(notifications.claim("all", T0.plus(CLAIM).minusSeconds(1))).isEmpty();
      ClaimedNotification taken = notifications.claim("all", later).orElseThrow();
      assertThat(taken.eventId()).isEqualTo(left.eventId());
      notifications.postpone(left, later.plusSeconds(5), "late", later);
      notifications.giveUp(left, "late", later);
      notifications.confirmDelivered(left, later);
      assertThat(newest(notifications).deliveredAt()).isNull();
      assertThat(newest(notifications).problem()).isNull();

      notifications.confirmDelivered(taken, later);
      assertThat(newest(notifications).deliveredAt()).isEqualTo(later);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_not_sent_is_due_at_once(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      deployment(database, 1, WORKING);

      notifications.release(notifications.claim("all", T0).orElseThrow(), null, T0);
      ClaimedNotification again = notifications.claim("all", T0).orElseThrow();
      notifications.release(again, "The receiver answered 410", T0);

      assertThat(again.failures()).isZero();
      assertThat(newest(notifications).problem()).isEqualTo("The receiver answered 410");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_new_process_that_has_the_database_alone_takes_up_at_once(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      deployment(database, 1, WORKING);
      Optional<ClaimedNotification> _ = notifications.claim("all", T0);

      notifications.freeOrphans();

      assertThat(notifications.claim("all", T0).isPresent())
          .isEqualTo(kind == TestDatabases.SQLITE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void one_that_was_delivered_or_given_up_can_be_sent_again(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      deployment(database, 1, WORKING, LIVE);
      ClaimedNotification first = notifications.claim("all", T0).orElseThrow();
      assertThat(notifications.redeliver(first.id(), ANN, T0))
          .isEqualTo(Notifications.Redelivery.IN_HAND);
      notifications.confirmDelivered(first, T0);
      ClaimedNotification second = notifications.claim("all", T0).orElseThrow();

      assertThat(notifications.redeliver(first.id(), ANN, T0))
          .isEqualTo(Notifications.Redelivery.QUEUED);
      assertThat(notifications.claim("all", T0)).as("behind the one in hand").isEmpty();
      notifications.postpone(second, T0.plusSeconds(5), "no", T0);

      ClaimedNotification again = notifications.claim("all", T0).orElseThrow();
      assertThat(again.id()).isEqualTo(first.id());
      assertThat(again.eventId()).isEqualTo(first.eventId());
      notifications.giveUp(again, "no", T0);
      ClaimedNotification rest = notifications.claim("all", T0).orElseThrow();
      assertThat(rest.id()).isEqualTo(second.id());
      notifications.postpone(rest, T0.plusSeconds(3600), "no", T0);

      assertThat(notifications.redeliver(rest.id(), ANN, T0))
          .as("waits; it is due at once")
          .isEqualTo(Notifications.Redelivery.QUEUED);
      ClaimedNotification last = notifications.claim("all", T0).orElseThrow();
      assertThat(last.id()).isEqualTo(second.id());
      assertThat(last.failures()).isZero();
      assertThat(notifications.redeliver(4711, ANN, T0))
          .isEqualTo(Notifications.Redelivery.UNKNOWN);
      assertThat(notifications(database).redeliver(first.id(), ANN, T0))
          .isEqualTo(Notifications.Redelivery.NOT_CONFIGURED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void none_is_overlooked_that_is_added_while_others_are_delivered(TestDatabases kind)
      throws Exception {
    try (Database database = kind.open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Notifications notifications = notifications(database, ALL);
      long id = deployment(database, 1);
      int statuses = 60;
      Future<?> adding =
          threads.submit(() -> IntStream.range(0, statuses).forEach(_ -> add(database, id, LIVE)));
      List<Future<Integer>> sending =
          IntStream.range(0, 3)
              .mapToObj(_ -> threads.submit(() -> deliverUntil(notifications, adding)))
              .toList();
      int delivered = 0;
      for (Future<Integer> sender : sending) {
        delivered += sender.get();
      }

      assertThat(delivered).isEqualTo(statuses);
      assertThat(notifications.waiting()).containsEntry("all", 0L);
      assertThat(notifications.list(Long.MAX_VALUE, 100))
          .hasSize(statuses)
          .allMatch(report -> report.deliveredAt() != null);
    }
  }

  private static int deliverUntil(Notifications notifications, Future<?> adding) {
    int delivered = 0;
    boolean wasOver = false;
    while (true) {
      Optional<ClaimedNotification> next = notifications.claim("all", T0);
      if (next.isPresent()) {
        notifications.confirmDelivered(next.get(), T0);
        delivered++;
      } else if (wasOver) {
        return delivered;
      }
      // Once more after the end: it may have come between the look and the end
      wasOver = next.isEmpty() && adding.isDone();
    }
  }

  @ParameterizedTest
  @EnumSource
  void they_are_kept_as_long_as_their_deployment(TestDatabases kind) throws Exception {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      deployment(database, 1, WORKING);
      Runs runs = new Runs(database, Duration.ofSeconds(30));
      runs.settle(
          LeasedRuns.acquire(runs, "me", T0).orElseThrow().lease(),
          List.of(),
          new End.Succeeded(null, "live"),
          "",
          T0);
      assertThat(listed(notifications)).containsExactly("all in_progress", "all success");
      ClaimedNotification inHand = notifications.claim("all", T0).orElseThrow();
      Duration day = Duration.ofDays(1);
      Retention retention =
          new Retention(database, new Retention.Periods(day, day, day), "removed");

      while (retention.removeSome(T0.plus(Duration.ofDays(2)))) {
        assertThat(notifications.list(Long.MAX_VALUE, 1)).hasSizeLessThan(2);
      }
      notifications.confirmDelivered(inHand, T0);

      assertThat(listed(notifications)).isEmpty();
      assertThat(notifications.waiting()).containsEntry("all", 0L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_waits_goes_on_waiting_for_as_long_when_the_clock_is_set(TestDatabases kind) {
    try (Database database = kind.open()) {
      Notifications notifications = notifications(database, ALL);
      deployment(database, 1, WORKING);
      notifications.postpone(
          notifications.claim("all", T0).orElseThrow(), T0.plusSeconds(5), "no", T0);

      notifications.shiftTimes(Duration.ofHours(-1));

      boolean isShifted = kind == TestDatabases.SQLITE;
      assertThat(notifications.claim("all", T0.minusSeconds(3594)).isPresent())
          .isEqualTo(isShifted);
    }
  }
}
