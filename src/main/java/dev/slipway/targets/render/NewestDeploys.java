package dev.slipway.targets.render;

import dev.slipway.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest deploys of one service, listed with one call for all who follow one of them. It tells
 * where a deploy is that goes on, or that Render cannot be asked now, and nothing else: that a
 * deploy is not on the list, or is over, or that there is no list, is a reason to ask for it by
 * itself. Keeps nothing that a restart would miss.
 */
final class NewestDeploys {
  /** So old an answer may be when somebody comes to ask. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** Longer than the call of whoever asks may take. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RenderReadBudget budget;
  private final InstantSource clock;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notUnderWay = lock.newCondition();
  private final Set<String> followers = new HashSet<>();
  private long asked;
  private boolean underWay;
  private @Nullable Listing last;
  private @Nullable Instant reserved;

  NewestDeploys(RenderReadBudget budget, InstantSource clock) {
    this(budget, clock, PATIENCE);
  }

  /**
   * @param patience how long to wait for somebody else's call
   */
  NewestDeploys(RenderReadBudget budget, InstantSource clock, Duration patience) {
    this.budget = budget;
    this.clock = clock;
    this.patience = patience;
  }

  /** What who asks gets. */
  sealed interface Outcome {}

  /** Nothing was asked: so long it is until the service's turn. */
  record NotYet(Duration left) implements Outcome {}

  /** Somebody else asked, and has had no answer for longer than a call may take. */
  record NoAnswer() implements Outcome {}

  /**
   * An answer.
   *
   * @param number of the call; what was asked for later has a greater one
   * @param deploys by id; empty when there was trouble
   * @param trouble what a call about one deploy would have met as well
   */
  record Listing(
      long number,
      Instant asked,
      Instant answered,
      Map<String, RenderDeploy> deploys,
      @Nullable Reply trouble)
      implements Outcome {
    static Listing of(long number, Instant asked, Instant answered, Reply reply) {
      if (isTrouble(reply)) {
        return new Listing(number, asked, answered, Map.of(), reply);
      }
      Map<String, RenderDeploy> deploys = new HashMap<>();
      if (reply instanceof Reply.Answered answer && answer.isSuccess()) {
        answer
            .json()
            .forEach(
                row ->
                    RenderDeploy.from(row.path("deploy"))
                        .ifPresent(deploy -> deploys.put(deploy.id(), deploy)));
      }
      return new Listing(number, asked, answered, Map.copyOf(deploys), null);
    }

    private static boolean isTrouble(Reply reply) {
      return switch (reply) {
        case Reply.NotSent _ -> true;
        case Reply.Unanswered unanswered -> !unanswered.isTooLarge();
        case Reply.Answered answer -> answer.mayPass();
      };
    }
  }

  /** The call that lists the newest deploys. */
  interface Listed {
    Reply ask() throws InterruptedException;
  }

  /**
   * Counts somebody who follows a deploy of the service, until he leaves.
   *
   * @return whether there are others
   */
  boolean join(String follower) {
    lock.lock();
    try {
      boolean _ = followers.add(follower);
      return followers.size() > 1;
    } finally {
      lock.unlock();
    }
  }

  void leave(String follower) {
    lock.lock();
    try {
      boolean _ = followers.remove(follower);
      if (followers.isEmpty()) {
        last = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The number of the last call; only a greater one was asked for after now. */
  long asked() {
    lock.lock();
    try {
      return asked;
    } finally {
      lock.unlock();
    }
  }

  /**
   * An answer to a later call than the one that the asker knows of; asks, or waits for who asks.
   *
   * @param known the number of that call
   */
  Outcome after(long known, Listed list) throws InterruptedException {
    Instant oldest = clock.instant().minus(FRESH);
    long number;
    lock.lock();
    try {
      long left = patience.toNanos();
      while (true) {
        if (last != null && last.number() > known && !last.asked().isBefore(oldest)) {
          return last;
        }
        if (!underWay) {
          break;
        }
        if (left <= 0) {
          return new NoAnswer();
        }
        left = notUnderWay.awaitNanos(left);
      }
      Duration turnIn = untilReserved();
      if (turnIn.isPositive()) {
        return new NotYet(turnIn);
      }
      underWay = true;
      number = ++asked;
    } finally {
      lock.unlock();
    }
    return ask(number, list);
  }

  private Listing ask(long number, Listed list) throws InterruptedException {
    Listing listing = null;
    try {
      Instant at = clock.instant();
      Reply reply = list.ask();
      listing = Listing.of(number, at, clock.instant(), reply);
      return listing;
    } finally {
      // Who waits asks himself when this one was interrupted
      answered(listing);
    }
  }

  private void answered(@Nullable Listing listing) {
    lock.lock();
    try {
      underWay = false;
      if (listing != null) {
        last = listing;
      }
      notUnderWay.signalAll();
      reserved = clock.instant().plus(budget.reserve());
    } finally {
      lock.unlock();
    }
  }

  /** After a restart all services come at once, and nobody's turn has been paid for. */
  private Duration untilReserved() {
    Instant now = clock.instant();
    if (reserved == null) {
      reserved = now.plus(budget.reserve());
    }
    return Duration.between(now, reserved);
  }

  /** How long until a follower should come again, who wants to at this pace. */
  Duration untilNext(Listing listing, Duration pace) {
    Instant now = clock.instant();
    Instant next = listing.answered().plus(pace);
    lock.lock();
    try {
      if (reserved != null && reserved.isAfter(next)) {
        next = reserved;
      }
    } finally {
      lock.unlock();
    }
    Duration left = Duration.between(now, next);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
