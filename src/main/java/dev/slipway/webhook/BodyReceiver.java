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
 * Receives bodies of up to 25 MiB, any number at once, in one budget of memory. Memory is allocated
 * as bytes arrive, whatever length was declared, and no thread waits for them. The body that needs
 * least memory gets it first, so that large bodies never delay a small one. When no memory is left,
 * the oldest bodies that have some are dropped.
 */
final class BodyReceiver {
  /** GitHub sends nothing larger. */
  static final int LARGEST = 25 * 1024 * 1024;

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
  private final BodyMemory memory = new BodyMemory();
  private long received;

  /**
   * @param limit how long a sender may take for a whole body; GitHub itself gives up after 10 s
   * @param grace how long a body is safe from being dropped for lack of memory
   * @param threads for bodies that resume with memory of others: the caller that released it may be
   *     deep in the end of a body that had waited itself
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
   * @return the result, within the limit if {@link #expire} is called again and again
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
   * Gives up bodies that are over the time limit, and drops the oldest that have memory while
   * others wait for some.
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

  /** The memory that bodies take at the moment, in bytes. */
  int memoryInUse() {
    lock.lock();
    try {
      return memory.inUse();
    } finally {
      lock.unlock();
    }
  }

  /** The bodies that began then or earlier, the oldest first. */
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

  private void release(BodyBytes bytes) {
    List<IncomingBody> served = new ArrayList<>();
    lock.lock();
    try {
      memory.release(bytes);
      for (IncomingBody next = waiting.peek();
          next != null && memory.allocate(next.bytes, next.heldBytes());
          next = waiting.peek()) {
        served.add(waiting.remove());
      }
    } finally {
      lock.unlock();
    }
    served.forEach(arrival -> threads.execute(arrival::resume));
  }

  /** A body that is being received. Its signals are serial, but any thread may end it. */
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

    /** The memory that it would have; constant while it waits. */
    int neededMemory() {
      return bytes.memory() + heldBytes();
    }

    /** The bytes that wait for memory. */
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
        } else if (memory.allocate(bytes, buffer.readable())) {
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

    /** Goes on with the memory that it waited for. */
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
