package dev.slipway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.fakes.FakeRequest;
import dev.slipway.fakes.FakeResponse;
import dev.slipway.fakes.JsonBodies;
import dev.slipway.fakes.LoopbackServer;
import dev.slipway.store.ClaimedStatus;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Outbox;
import dev.slipway.store.PostLimits;
import dev.slipway.store.TestDatabases;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses that are posted side by side. */
class PostersTest extends ReporterFixture {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Map<Long, Queue<String>> got = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile CountDownLatch inside = new CountDownLatch(0);
  private volatile CountDownLatch reached = new CountDownLatch(1);
  private volatile int code = 201;
  private volatile String found = "[]";
  private LoopbackServer slow;
  private Reporter slowly;
  private Posters posters;

  @BeforeEach
  void start_a_slow_github() {
    slow = new LoopbackServer(this::answer);
    start(PostLimits.ANY);
  }

  private void start(PostLimits pace) {
    outbox = new Outbox(database, "127.0.0.1", Duration.ofMinutes(2), pace);
    slowly = reporter(slow.address(), TOKEN);
    posters = new Posters(slowly);
  }

  @AfterEach
  void stop_it() {
    slow.close();
    threads.shutdownNow();
  }

  private FakeResponse answer(FakeRequest request) {
    if (request.method().equals("GET")) {
      looks.incrementAndGet();
      return FakeResponse.json(200, JsonBodies.read(found));
    }
    return take(request);
  }

  /** Answers when enough posts are under way. */
  private FakeResponse take(FakeRequest request) {
    long deployment =
        Long.parseLong(request.uri().getPath().replaceAll(".*/deployments/(\\d+)/statuses", "$1"));
    got.computeIfAbsent(deployment, _ -> new ConcurrentLinkedQueue<>())
        .add(request.json().path("state").asString());
    CountDownLatch others = inside;
    others.countDown();
    reached.countDown();
    try {
      boolean _ = others.await(LONG.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return FakeResponse.text(500, "").with(FakeResponse.Transmission.DROPPED);
    }
    return FakeResponse.json(
        code, JsonBodies.object().put("id", ids.incrementAndGet()).put("message", "No"));
  }

  @Test
  void sixteen_deployments_get_their_statuses_side_by_side_and_no_more() throws Exception {
    inside = new CountDownLatch(Posters.AT_ONCE + 1);
    reached = new CountDownLatch(Posters.AT_ONCE);
    LongStream.range(0, 40).forEach(id -> waiting(100 + id, STARTING));
    Future<?> all = threads.submit(() -> allPosted(posters));
    assertThat(reached.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();

    assertThatThrownBy(() -> all.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(got).hasSize(Posters.AT_ONCE);
    inside.countDown();
    all.get();

    assertThat(got).hasSize(40);
    assertThat(outbox.backlog().waiting()).isZero();
  }

  private static boolean allPosted(Posters posters) throws InterruptedException {
    posters.postAll();
    return true;
  }

  @Test
  void two_processes_with_posters_share_the_pace() throws Exception {
    database.close();
    database = Database.open(TestDatabases.POSTGRESQL.url(), new DatabaseLogin(null, null));
    LongStream.range(0, 30).forEach(id -> waiting(100 + id, STARTING));
    start(new PostLimits(20, 0));
    Posters one = posters;
    start(new PostLimits(20, 0));
    Posters other = posters;

    Future<?> first = threads.submit(() -> allPosted(one));
    Future<?> second = threads.submit(() -> allPosted(other));
    first.get();
    second.get();

    assertThat(got).hasSize(20);
    assertThat(got.values())
        .allSatisfy(states -> assertThat(states).containsExactly("in_progress"));
    assertThat(outbox.backlog().waiting()).isEqualTo(10);
  }

  private void postsOneThatIsNotAnswered() throws InterruptedException {
    inside = new CountDownLatch(2);
    reached = new CountDownLatch(1);
    assertThat(posters.startNext()).isTrue();
    assertThat(reached.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  @Test
  void within_a_deployment_nothing_is_posted_beside_what_is_not_answered() throws Exception {
    waiting(100, STARTING, LIVE);
    postsOneThatIsNotAnswered();

    assertThat(posters.startNext()).isFalse();
    assertThat(got.get(100L)).containsExactly("in_progress");
    inside.countDown();
    posters.postAll();

    assertThat(got.get(100L)).containsExactly("in_progress", "success");
  }

  @Test
  void a_post_that_outlasts_its_hold_is_made_once() throws Exception {
    waiting(100, STARTING, LIVE);
    postsOneThatIsNotAnswered();
    pass(Duration.ofMinutes(3));

    assertThat(posters.startNext()).isFalse();
    assertThat(wait(slowly)).isPositive();
    inside.countDown();
    posters.postAll();

    assertThat(looks).hasValue(0);
    assertThat(got.get(100L)).containsExactly("in_progress", "success");
  }

  /** As an outage leaves them: posted, and not answered. */
  private void inDoubt() {
    List<ClaimedStatus> unanswered = new ArrayList<>();
    for (var next = outbox.claim(now); next.isPresent(); next = outbox.claim(now)) {
      unanswered.add(next.get());
    }
    for (ClaimedStatus outgoing : unanswered) {
      outbox.refund(outgoing);
      outbox.postpone(outgoing, now, true, "502", now);
    }
  }

  @Test
  void what_is_in_doubt_is_looked_up_no_faster_than_it_may_be_posted() throws Exception {
    LongStream.range(0, 30).forEach(id -> waiting(100 + id, STARTING));
    inDoubt();
    start(new PostLimits(80, 500, Duration.ofSeconds(1)));

    for (int second = 1; second <= 10; second++) {
      assertThat(posters.startNext()).isTrue();
      assertThat(posters.startNext()).isFalse();
      posters.awaitIdle();
      assertThat(looks).hasValue(second);
      assertThat(got).hasSize(second);
      pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void what_is_found_at_github_takes_no_place_of_the_pace() throws Exception {
    waiting(100, STARTING);
    waiting(101, STARTING);
    inDoubt();
    start(new PostLimits(1, 1));
    found = "[{\"id\":900,\"state\":\"in_progress\",\"description\":\"Starting\"}]";

    posters.postAll();

    assertThat(looks).hasValue(2);
    assertThat(got).isEmpty();
    assertThat(outbox.backlog().waiting()).isZero();
  }

  private void leavesNothingBehindWhenItIsInterrupted(ClaimedStatus outgoing) {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> slowly.post(outgoing)).isInstanceOf(InterruptedException.class);

    assertThat(looks).hasValue(0);
    assertThat(got).isEmpty();
    assertThat(slowly.claimNext().map(ClaimedStatus::inDoubt)).contains(outgoing.inDoubt());
  }

  @Test
  void a_poster_that_is_interrupted_before_its_post_leaves_no_doubt_and_takes_no_place() {
    start(new PostLimits(1, 1));
    waiting(100, LIVE);
    leavesNothingBehindWhenItIsInterrupted(slowly.claimNext().orElseThrow());
  }

  @Test
  void a_poster_that_is_interrupted_before_its_look_takes_no_place() {
    waiting(100, LIVE);
    inDoubt();
    start(new PostLimits(1, 1));
    leavesNothingBehindWhenItIsInterrupted(slowly.claimNext().orElseThrow());
  }

  @Test
  void what_is_refused_side_by_side_is_one_refusal() throws Exception {
    inside = new CountDownLatch(Posters.AT_ONCE);
    code = 401;
    LongStream.range(0, Posters.AT_ONCE).forEach(id -> waiting(100 + id, STARTING));

    for (int i = 0; i < Posters.AT_ONCE; i++) {
      assertThat(posters.startNext()).isTrue();
    }
    posters.awaitIdle();

    assertThat(posters.startNext()).isFalse();
    assertThat(slowly.nextDue()).contains(now.plus(Duration.ofMinutes(1)));
  }

  @Test
  void what_fails_side_by_side_is_one_failure() throws Exception {
    inside = new CountDownLatch(Posters.AT_ONCE);
    code = 500;
    LongStream.range(0, Posters.AT_ONCE).forEach(id -> waiting(100 + id, STARTING));

    for (int i = 0; i < Posters.AT_ONCE; i++) {
      assertThat(posters.startNext()).isTrue();
    }
    posters.awaitIdle();

    assertThat(slowly.nextDue().orElseThrow())
        .isBetween(now.plus(Duration.ofSeconds(1)), now.plus(Duration.ofMillis(1250)));
  }

  @Test
  void one_that_fails_late_does_not_make_the_others_try_faster() throws Exception {
    code = 500;
    LongStream.range(0, 5).forEach(id -> waiting(100 + id, STARTING));
    postsOneThatIsNotAnswered();
    CountDownLatch late = inside;
    inside = new CountDownLatch(0);
    for (int i = 0; i < 3; i++) {
      assertThat(reportOne(slowly)).isTrue();
      now = slowly.nextDue().orElseThrow();
    }
    late.countDown();
    posters.awaitIdle();
    now = slowly.nextDue().orElseThrow();

    assertThat(reportOne(slowly)).isTrue();

    assertThat(wait(slowly)).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void a_failure_beside_a_success_holds_nobody_up_for_longer_than_a_second() throws Exception {
    LongStream.range(0, 5).forEach(id -> waiting(100 + id, STARTING));
    postsOneThatIsNotAnswered();
    CountDownLatch late = inside;
    inside = new CountDownLatch(0);
    assertThat(reportOne(slowly)).isTrue();
    code = 500;
    late.countDown();
    posters.awaitIdle();

    assertThat(wait(slowly)).isEqualTo(Duration.ofSeconds(1));
    assertThat(got).hasSize(2);
    assertThat(outbox.backlog().waiting()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 401})
  void one_post_at_a_time_finds_out_whether_github_is_back(int failure) throws Exception {
    LongStream.range(0, 5).forEach(id -> waiting(100 + id, STARTING));
    code = failure;
    assertThat(reportOne(slowly)).isTrue();
    now = slowly.nextDue().orElseThrow();
    postsOneThatIsNotAnswered();

    Future<Boolean> next = threads.submit(() -> posters.startNext());
    assertThatThrownBy(() -> next.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    code = 201;
    inside.countDown();

    assertThat(next.get()).isTrue();
    inside = new CountDownLatch(3);
    posters.postAll();
    assertThat(got).hasSize(5);
  }

  @Test
  void a_post_without_an_answer_is_interrupted_at_the_end() throws Exception {
    long id = waiting(100, LIVE);
    postsOneThatIsNotAnswered();

    posters.stop();
    posters.awaitIdle();

    assertThat(statuses(id).getFirst().postedAt()).isNull();
    assertThat(statuses(id).getFirst().problem())
        .as("what a call that ends by itself says")
        .isNull();
    assertThat(got.get(100L)).containsExactly("success");
  }

  @Test
  void nothing_is_handed_out_after_the_end() throws Exception {
    posters.stop();
    waiting(100, LIVE);

    assertThat(posters.startNext()).isFalse();

    assertThat(slowly.claimNext()).isPresent();
  }

  @Test
  void what_a_database_does_not_keep_is_looked_up_and_makes_room_for_others() throws Exception {
    waiting(100, LIVE);
    postsOneThatIsNotAnswered();
    onDisk("alter table outbox_refusal rename to mislaid");
    inside.countDown();
    posters.awaitIdle();
    onDisk("alter table mislaid rename to outbox_refusal");
    assertThat(outbox.backlog().waiting()).isEqualTo(1);

    found = "[{\"id\":1,\"state\":\"success\",\"description\":\"Live\"}]";
    pass(Duration.ofMinutes(2));
    posters.postAll();

    assertThat(looks).hasValue(1);
    assertThat(got.get(100L)).containsExactly("success");
    assertThat(outbox.backlog().waiting()).isZero();
  }

  private void onDisk(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("slipway.db"));
        Statement made = connection.createStatement()) {
      boolean _ = made.execute(statement);
    }
  }
}
