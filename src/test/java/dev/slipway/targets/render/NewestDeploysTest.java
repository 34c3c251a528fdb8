package dev.slipway.targets.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.http.Reply;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NewestDeploysTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:01:00Z");
  private static final Reply EMPTY = new Reply.Answered(200, Map.of(), "[]");

  private volatile Instant now = NOW;
  private final ReadBudgets.Account account = new ReadBudgets(() -> now).of(new Secret("rnd_key"));
  private final NewestDeploys newest =
      account.newest(URI.create("http://render/v1/services/srv-a"));
  private final AtomicInteger calls = new AtomicInteger();

  private Reply answer() {
    calls.incrementAndGet();
    return EMPTY;
  }

  private static FutureTask<NewestDeploys.Outcome> begin(
      NewestDeploys newest, NewestDeploys.Listed list) {
    return new FutureTask<>(() -> newest.after(0, list));
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void who_comes_while_an_answer_is_under_way_gets_that() throws Exception {
    var sent = new CountDownLatch(1);
    var arrives = new CompletableFuture<Reply>();
    var first =
        begin(
            newest,
            () -> {
              sent.countDown();
              return arrives.join();
            });
    Thread _ = Thread.startVirtualThread(first);
    sent.await();
    var second = begin(newest, this::answer);
    awaitWaiting(Thread.startVirtualThread(second));

    arrives.complete(EMPTY);

    assertThat(second.get()).isSameAs(first.get());
    assertThat(calls).hasValue(0);
  }

  @Test
  void nobody_waits_for_ever_for_the_call_of_another() throws Exception {
    NewestDeploys impatient = new NewestDeploys(account.budget(), () -> now, Duration.ZERO);
    var sent = new CountDownLatch(1);
    var arrives = new CompletableFuture<Reply>();
    var first =
        begin(
            impatient,
            () -> {
              sent.countDown();
              return arrives.join();
            });
    Thread _ = Thread.startVirtualThread(first);
    sent.await();

    assertThat(impatient.after(0, this::answer)).isEqualTo(new NewestDeploys.NoAnswer());
    assertThat(calls).hasValue(0);
    arrives.complete(EMPTY);
    NewestDeploys.Outcome listing = first.get();
    assertThat(impatient.after(0, this::answer)).isSameAs(listing);
  }

  @Test
  void who_waits_for_one_that_is_interrupted_asks_himself() throws Exception {
    var sent = new CountDownLatch(1);
    var first =
        begin(
            newest,
            () -> {
              sent.countDown();
              new CountDownLatch(1).await();
              return EMPTY;
            });
    Thread asking = Thread.startVirtualThread(first);
    sent.await();
    var second = begin(newest, this::answer);
    awaitWaiting(Thread.startVirtualThread(second));

    asking.interrupt();

    assertThat(second.get()).isInstanceOf(NewestDeploys.Listing.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void an_answer_that_was_asked_for_too_long_ago_is_not_used() throws Exception {
    var old = (NewestDeploys.Listing) newest.after(0, this::answer);
    now = NOW.plusSeconds(5);
    assertThat(newest.after(0, this::answer)).isSameAs(old);
    now = NOW.plusSeconds(5).plusMillis(1);
    assertThat(newest.after(0, this::answer)).isNotSameAs(old);
    assertThat(calls).hasValue(2);
  }

  @Test
  void an_answer_that_is_known_is_not_used_again() throws Exception {
    var known = (NewestDeploys.Listing) newest.after(0, this::answer);

    assertThat(newest.after(known.number(), this::answer)).isNotSameAs(known);
  }

  @Test
  void what_was_asked_for_before_a_look_is_not_used_after_it() throws Exception {
    var _ = newest.after(0, this::answer);
    long atTheLook = newest.asked();
    var _ = newest.after(atTheLook, this::answer);

    assertThat(calls).hasValue(2);
  }

  private record Look(Instant at, int deploy) {}

  /** Follows the deploys of so many services for ten minutes; the longest time unseen. */
  private Duration longestUnseen(int services, int each, Map<Long, Integer> callsByMinute)
      throws InterruptedException {
    var looks = new PriorityQueue<Look>(Comparator.comparing(Look::at));
    long[] known = new long[services * each];
    Instant[] seen = new Instant[services * each];
    for (int deploy = 0; deploy < services * each; deploy++) {
      looks.add(new Look(NOW, deploy));
      seen[deploy] = NOW;
    }
    Duration longest = Duration.ZERO;
    while (looks.element().at().isBefore(NOW.plusSeconds(600))) {
      Look look = looks.remove();
      now = look.at();
      NewestDeploys service =
          account.newest(URI.create("http://render/" + look.deploy() % services));
      Duration again =
          switch (service.after(
              known[look.deploy()],
              () -> {
                callsByMinute.merge(Duration.between(NOW, now).toMinutes(), 1, Integer::sum);
                return EMPTY;
              })) {
            case NewestDeploys.NotYet(Duration left) -> left;
            case NewestDeploys.NoAnswer silence -> throw new AssertionError(silence);
            case NewestDeploys.Listing listing -> {
              known[look.deploy()] = listing.number();
              Duration unseen = Duration.between(seen[look.deploy()], now);
              longest = unseen.compareTo(longest) > 0 ? unseen : longest;
              seen[look.deploy()] = now;
              yield service.untilNext(listing, Duration.ofSeconds(5));
            }
          };
      looks.add(new Look(now.plus(again), look.deploy()));
    }
    return longest;
  }

  @Test
  void a_hundred_services_are_asked_in_turn_within_what_render_allows() throws Exception {
    Map<Long, Integer> callsByMinute = new HashMap<>();

    Duration longest = longestUnseen(100, 10, callsByMinute);

    assertThat(longest).isLessThanOrEqualTo(Duration.ofSeconds(21));
    assertThat(callsByMinute.values()).allMatch(count -> count <= 360);
    assertThat(callsByMinute.get(5L)).isBetween(290, 310);
  }

  @Test
  void a_few_services_are_asked_as_often_as_they_may() throws Exception {
    Map<Long, Integer> callsByMinute = new HashMap<>();

    Duration longest = longestUnseen(10, 100, callsByMinute);

    assertThat(longest).isEqualTo(Duration.ofSeconds(5));
    assertThat(callsByMinute.get(5L)).isEqualTo(120);
  }
}
