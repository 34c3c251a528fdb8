package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeGitHub;
import dev.slipway.github.Github;
import dev.slipway.github.GithubConfig;
import dev.slipway.model.GithubState;
import dev.slipway.model.Status;
import dev.slipway.report.StormyNetwork.Weather;
import dev.slipway.secret.Secret;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GitHub goes away and comes back; whatever waited arrives once and in order, at GitHub's pace. */
class GithubAwayTest extends ReporterFixture {
  private static final Status QUEUED = new Status(GithubState.QUEUED, "1 ahead in the queue");
  private static final Duration HOUR = Duration.ofHours(1);

  private static final String SHA = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";

  private StormyNetwork network;
  private FakeGitHub stormy;

  @BeforeEach
  void open() {
    startGithub();
    restart(PostLimits.ANY);
  }

  private void startGithub() {
    network = new StormyNetwork(() -> now);
    stormy = new FakeGitHub(TOKEN, new Secret("never delivered"), () -> now, _ -> {}, network);
  }

  @Override
  long waiting(long githubId, String repository, Status... statuses) {
    stormy.create(githubId, repository, "production", SHA);
    return super.waiting(githubId, repository, statuses);
  }

  /** The states that GitHub has of a deployment, in the order in which they came. */
  private List<String> states(long githubId) {
    return stormy.statusesOf(githubId).stream().map(FakeEvent.StatusCreated::state).toList();
  }

  @AfterEach
  void shut() {
    stormy.close();
  }

  /** What a new process has in memory: nothing. */
  private void restart(PostLimits pace) {
    outbox = new Outbox(database, "127.0.0.1", Duration.ofMinutes(2), pace);
    outbox.makeAllDue(now);
    reporter =
        new Reporter(
            outbox,
            new Github(
                new GithubConfig(stormy.address(), TOKEN, GithubConfig.API_VERSION),
                http,
                () -> now),
            deployment ->
                Optional.of("https://slipway.example/deployments/" + deployment.id() + "/key"),
            () -> now);
  }

  private void add(long id, Status... statuses) {
    new Inbox(database, Duration.ofDays(90))
        .record(
            ledger -> {
              for (Status status : statuses) {
                ledger.addStatus(id, 1, status, now);
              }
              return id;
            });
  }

  /** Goes from one due time to the next until nothing waits or the time has come. */
  private void reportUntil(Instant end) throws InterruptedException {
    reportAll();
    while (reporter.nextDue().filter(due -> due.isBefore(end)).isPresent()) {
      Instant due = reporter.nextDue().orElseThrow();
      now = due.isAfter(now) ? due : now.plusMillis(1);
      reportAll();
    }
    if (now.isBefore(end) && reporter.nextDue().isPresent()) {
      now = end;
    }
  }

  private void reportToTheEnd() throws InterruptedException {
    reportUntil(now.plus(Duration.ofDays(1)));
    assertThat(outbox.backlog().waiting()).isZero();
  }

  @Test
  void through_an_hour_of_5xx_deployments_go_on_and_all_arrive_once_in_order() throws Exception {
    network.weather(() -> Weather.BAD_GATEWAY);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ids.add(waiting(100 + i, QUEUED));
      reportUntil(T0.plus(Duration.ofMinutes(2L * i)));
      add(ids.getLast(), STARTING);
    }
    ids.forEach(id -> add(id, LIVE));
    reportUntil(T0.plus(HOUR));
    assertThat(outbox.backlog().waiting()).isEqualTo(90);
    // One at a time knocks, not everything that waits
    assertThat(network.arrivals()).hasSizeLessThan(130);

    network.weather(() -> Weather.FINE);
    reportToTheEnd();

    for (int i = 0; i < 30; i++) {
      assertThat(states(100 + i)).containsExactly("queued", "in_progress", "success");
    }
    assertThat(now).isBefore(T0.plus(HOUR).plus(Duration.ofMinutes(7)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Weather.class,
      names = {
        "RATE_LIMIT",
        "SECONDARY_403",
        "SECONDARY_429",
        "RETRY_AFTER_403",
        "RETRY_AFTER_429"
      })
  void a_limit_is_kept_through_a_restart_and_then_all_arrive_once_in_order(Weather limit)
      throws Exception {
    network.weather(() -> limit);
    waiting(42, QUEUED, STARTING, LIVE);
    waiting(43, STARTING);

    reportAll();
    assertThat(network.arrivals()).hasSize(1);
    restart(PostLimits.ANY);
    reportAll();
    assertThat(network.arrivals()).hasSize(1);
    network.weather(() -> Weather.FINE);
    reportToTheEnd();

    assertThat(states(42)).containsExactly("queued", "in_progress", "success");
    assertThat(states(43)).containsExactly("in_progress");
    assertThat(network.tooEarly()).isEmpty();
  }

  @Test
  void a_final_status_whose_answer_is_lost_again_and_again_is_there_once() throws Exception {
    network.weather(() -> Weather.ANSWER_LOST);
    long id = waiting(42, STARTING, LIVE);

    reportToTheEnd();

    assertThat(states(42)).containsExactly("in_progress", "success");
    assertThat(statuses(id))
        .extracting(DeploymentQueries.StatusReport::postedAt)
        .doesNotContainNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void all_weathers_together_with_restarts_lose_nothing_and_double_nothing(long seed)
      throws Exception {
    Random random = new Random(seed);
    Weather[] all = Weather.values();
    network.weather(() -> random.nextInt(3) > 0 ? Weather.FINE : all[random.nextInt(all.length)]);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(waiting(100 + i, QUEUED));
      reportUntil(now.plusSeconds(random.nextInt(60)));
      add(ids.getLast(), STARTING);
      if (random.nextInt(4) == 0) {
        // Dies with one handed out
        boolean _ = outbox.claim(now).isPresent();
        restart(PostLimits.ANY);
      }
      reportUntil(now.plusSeconds(random.nextInt(60)));
      add(ids.getLast(), LIVE);
    }

    reportToTheEnd();

    for (int i = 0; i < 40; i++) {
      assertThat(states(100 + i)).containsExactly("queued", "in_progress", "success");
    }
    assertThat(network.tooEarly()).isEmpty();
  }

  /** The most posts that came within a minute of each other. */
  private int busiest(Duration window) {
    List<Instant> at = network.arrivals().stream().map(StormyNetwork.Arrival::at).toList();
    int most = 0;
    int first = 0;
    for (int last = 0; last < at.size(); last++) {
      while (!at.get(first).plus(window).isAfter(at.get(last))) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  @Test
  void five_hundred_deployments_take_little_more_than_the_pace_makes_them() throws Exception {
    restart(new PostLimits(80, 0));
    for (int i = 0; i < 500; i++) {
      waiting(1000 + i, STARTING, LIVE);
    }
    int[] posts = {0};
    network.weather(() -> ++posts[0] == 100 ? Weather.RETRY_AFTER_429 : Weather.FINE);

    reportToTheEnd();

    for (int i = 0; i < 500; i++) {
      assertThat(states(1000 + i)).endsWith("success").hasSizeBetween(1, 2);
    }
    assertThat(busiest(Duration.ofMinutes(1))).isEqualTo(80);
    assertThat(network.tooEarly()).isEmpty();
    // 501 posts are six full minutes, and GitHub asked for ninety seconds once
    Duration least = Duration.ofMinutes(6).plusSeconds(90);
    assertThat(Duration.between(T0, now)).isLessThanOrEqualTo(least.multipliedBy(11).dividedBy(10));
  }

  @Test
  void what_was_posted_within_the_hour_counts_after_a_restart_too() throws Exception {
    PostLimits pace = new PostLimits(0, 5);
    restart(pace);
    for (int i = 0; i < 8; i++) {
      waiting(100 + i, LIVE);
    }
    reportAll();
    restart(pace);
    reportAll();
    assertThat(network.arrivals()).hasSize(5);
    assertThat(wait(reporter)).isEqualTo(HOUR.plusSeconds(1));

    reportToTheEnd();

    assertThat(network.arrivals()).hasSize(8);
    assertThat(busiest(HOUR)).isEqualTo(5);
  }

  @Test
  void a_clock_that_is_set_back_does_not_hold_up_the_pace() throws Exception {
    restart(new PostLimits(0, 1));
    waiting(42, STARTING);
    reportAll();
    now = now.minus(HOUR);
    waiting(43, STARTING);

    reportAll();

    assertThat(states(43)).containsExactly("in_progress");
  }

  @Test
  void calls_that_never_left_use_up_nothing() throws Exception {
    stormy.close();
    restart(new PostLimits(0, 3));
    waiting(42, STARTING, LIVE);
    reportUntil(T0.plus(HOUR.dividedBy(2)));
    assertThat(outbox.backlog().problem()).contains("no connection");

    startGithub();
    stormy.create(42, FakeGitHub.REPOSITORY, "production", SHA);
    restart(new PostLimits(0, 3));
    reportAll();
    reportUntil(now.plus(Duration.ofMinutes(7)));

    assertThat(states(42)).containsExactly("in_progress", "success");
  }
}
