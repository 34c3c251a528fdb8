package dev.slipway.webhook;

import io.micronaut.core.io.buffer.ReadBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Receives bodies of up to 25 MiB, any number at once, in one budget of memory. Memory is taken as
 * bytes arrive, whatever length was declared, and no thread waits for them. Who needs least gets
 * memory first, so that large bodies never hold up a small one; when nothing is left, the bodies
 * that hold some and have been under way for longest are dropped.
 */
final class BodyReceiver {
  /** GitHub sends nothing larger. */
  static final int LARGEST = 25 * 1024 * 1024;

  /** Memory for all bodies together. */
  static final int BUDGET = 32 * 1024 * 1024;

  private static final int LEAST_PIECE = 1024;
  private static final int PIECE = 64 * 1024;

  /** What bodies over one piece leave to the small ones; the largest still fits beside it. */
  private static final int FOR_SMALL = 4 * 1024 * 1024;

  private final Duration limit;
  private final Duration grace;
  private final InstantSource clock;
  private final Executor threads;
  private final Lock lock = new ReentrantLock();
  private final Condition arriving = lock.newCondition();

  // All guarded by the lock
  private final SequencedSet<IncomingBody> arrivals = new LinkedHashSet<>();
  private final Queue<IncomingBody> waiting =
      new PriorityQueue<>(
          Comparator.comparingInt(IncomingBody::neededMemory)
              .thenComparingLong(arrival -> arrival.number));
  private final List<byte[]> spare = new ArrayList<>();
  private int memoryInUse;
  private long received;

  /**
   * @param limit how long a sender may take for a whole body; GitHub itself gives up after 10 s
   * @param grace how long a body is safe from being dropped for want of memory
   * @param threads for bodies that go on with memory of others: who gave it back may be deep in the
   *     end of a body that had waited itself
   */
  BodyReceiver(Duration limit, Duration grace, InstantSource clock, Executor threads) {
    this.limit = limit;
    this.grace = grace;
    this.clock = clock;
    this.threads = threads;
  }

  /**
   * Receives one body.
   *
   * @param declared the {@code Content-Length}, if there was one
   * @return what came of it, within the limit if {@link #expire} is called again and again
   */
  CompletableFuture<ReceivedBody> receive(Publisher<ReadBuffer> source, OptionalLong declared) {
    Instant since = clock.instant();
    IncomingBody arrival;
    lock.lock();
    try {
      arrival = new IncomingBody(declared, since, received++);
      arrivals.add(arrival);
      arriving.signalAll();
    } finally {
      lock.unlock();
    }
    source.subscribe(arrival);
    return arrival.result;
  }

  /** Returns when a body is being received. */
  void awaitBody() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (arrivals.isEmpty()) {
        arriving.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives up on bodies that are over the limit, and drops the oldest that hold memory while others
   * want some.
   */
  void expire() {
    Instant now = clock.instant();
    for (IncomingBody old : since(now.minus(grace))) {
      if (!old.since.isAfter(now.minus(limit))) {
        old.end(isWaiting(old) ? new ReceivedBody.Dropped() : new ReceivedBody.TooSlow());
      } else if (isShort() && holdsMemory(old)) {
        old.end(new ReceivedBody.Dropped());
      }
    }
  }

  /** How much memory is taken at the moment. */
  int memoryInUse() {
    lock.lock();
    try {
      return memoryInUse;
    } finally {
      lock.unlock();
    }
  }

  /** Those that have been under way since then or longer, the oldest first. */
  private List<IncomingBody> since(Instant instant) {
    lock.lock();
    try {
      return arrivals.stream().takeWhile(arrival -> !arrival.since.isAfter(instant)).toList();
    } finally {
      lock.unlock();
    }
  }

  private boolean holdsMemory(IncomingBody arrival) {
    lock.lock();
    try {
      return arrival.bytes.memory() > 0;
    } finally {
      lock.unlock();
    }
  }

  private boolean isWaiting(IncomingBody arrival) {
    lock.lock();
    try {
      return waiting.contains(arrival);
    } finally {
      lock.unlock();
    }
  }

  private boolean isShort() {
    lock.lock();
    try {
      return !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Lends memory for so many bytes more, or nothing. Under the lock. */
  private boolean allocate(BodyBytes bytes, int more) {
    int need = bytes.size() + more - bytes.memory();
    if (need <= 0) {
      return true;
    }
    List<Integer> lengths = new ArrayList<>(1);
    int sum = 0;
    while (sum < need) {
      int length = Math.clamp(Math.max(bytes.memory() + sum, need - sum), LEAST_PIECE, PIECE);
      lengths.add(length);
      sum += length;
    }
    int most = bytes.memory() + sum <= PIECE ? BUDGET : BUDGET - FOR_SMALL;
    if (memoryInUse + sum > most) {
      return false;
    }
    memoryInUse += sum;
    lengths.forEach(length -> bytes.addPiece(piece(length)));
    while (!spare.isEmpty() && memoryInUse + spare.size() * PIECE > BUDGET) {
      byte[] _ = spare.removeLast();
    }
    return true;
  }

  private byte[] piece(int length) {
    return length == PIECE && !spare.isEmpty() ? spare.removeLast() : new byte[length];
  }

  private void release(BodyBytes bytes) {
    List<IncomingBody> served = new ArrayList<>();
    lock.lock();
    try {
      memoryInUse -= bytes.memory();
      bytes.removePieces().stream().filter(piece -> piece.length == PIECE).forEach(spare::add);
      for (IncomingBody next = waiting.peek();
          next != null && allocate(next.bytes, next.heldBytes());
          next = waiting.peek()) {
        served.add(waiting.remove());
      }
    } finally {
      lock.unlock();
    }
    served.forEach(arrival -> threads.execute(arrival::resume));
  }

  /** One body under way. Its signals come one at a time, but it may be ended by anybody. */
  private final class IncomingBody implements Subscriber<ReadBuffer> {
    private final CompletableFuture<ReceivedBody> result = new CompletableFuture<>();
    private final OptionalLong declared;
    private final Instant since;
    private final long number;
    private volatile @Nullable Subscription source;

    // All guarded by the lock
    private final BodyBytes bytes = new BodyBytes(BodyReceiver.this::release);
    private @Nullable ReadBuffer heldBytes;
    private boolean complete;
    private boolean ended;

    IncomingBody(OptionalLong declared, Instant since, long number) {
      this.declared = declared;
      this.since = since;
      this.number = number;
    }

    /** How much memory it would have. The same for as long as it waits. */
    int neededMemory() {
      return bytes.memory() + heldBytes();
    }

    /** How many bytes wait for memory. */
    int heldBytes() {
      return heldBytes == null ? 0 : heldBytes.readable();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      source = subscription;
      if (result.isDone()) {
        subscription.cancel();
      } else {
        subscription.request(1);
      }
    }

    @Override
    public void onNext(ReadBuffer buffer) {
      ReceivedBody end = null;
      lock.lock();
      try {
        if (ended) {
          buffer.close();
          return;
        }
        if (bytes.size() + buffer.readable() > LARGEST) {
          buffer.close();
          end = new ReceivedBody.TooLarge();
        } else if (allocate(bytes, buffer.readable())) {
          bytes.put(buffer);
        } else {
          heldBytes = buffer;
          waiting.add(this);
          return;
        }
      } finally {
        lock.unlock();
      }
      if (end == null) {
        request();
      } else {
        end(end);
      }
    }

    /** Has got the memory that it waited for. */
    void resume() {
      boolean whole;
      lock.lock();
      try {
        ReadBuffer buffer = heldBytes;
        heldBytes = null;
        if (buffer == null) {
          return;
        }
        bytes.put(buffer);
        whole = complete;
      } finally {
        lock.unlock();
      }
      if (whole) {
        finish();
      } else {
        request();
      }
    }

    private void request() {
      Subscription subscription = source;
      if (subscription != null) {
        subscription.request(1);
      }
    }

    @Override
    public void onComplete() {
      lock.lock();
      try {
        complete = true;
        if (heldBytes != null) {
          return;
        }
      } finally {
        lock.unlock();
      }
      finish();
    }

    private void finish() {
      end(
          bytes.size() < declared.orElse(0)
              ? new ReceivedBody.CutOff()
              : new ReceivedBody.Whole(bytes));
    }

    @Override
    public void onError(Throwable failure) {
      end(new ReceivedBody.CutOff());
    }

    void end(ReceivedBody body) {
      ReadBuffer unread;
      lock.lock();
      try {
        if (ended) {
          return;
        }
        ended = true;
        arrivals.remove(this);
        waiting.remove(this);
        unread = heldBytes;
        heldBytes = null;
      } finally {
        lock.unlock();
      }
      if (unread != null) {
        unread.close();
      }
      if (!(body instanceof ReceivedBody.Whole)) {
        Subscription subscription = source;
        if (subscription != null) {
          subscription.cancel();
        }
        bytes.close();
      }
      boolean _ = result.complete(body);
    }
  }
}
