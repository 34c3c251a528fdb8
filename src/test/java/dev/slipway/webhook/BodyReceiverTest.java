package dev.slipway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.io.buffer.ReadBufferFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class BodyReceiverTest {
  private static final Duration LIMIT = Duration.ofSeconds(8);
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final int MIB = 1024 * 1024;

  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final BodyReceiver bodies = new BodyReceiver(LIMIT, GRACE, () -> now, Runnable::run);
  private final List<ReadBuffer> sent = new ArrayList<>();

  /** Whoever sends a body; sends no more than was asked for. */
  private final class Sender implements Publisher<ReadBuffer>, Subscription {
    private final CompletableFuture<ReceivedBody> result;
    private @Nullable Subscriber<? super ReadBuffer> receiver;
    private long asked;
    private boolean cancelled;

    Sender(OptionalLong declared) {
      this.result = bodies.receive(this, declared);
    }

    Subscriber<? super ReadBuffer> receiver() {
      return Objects.requireNonNull(receiver);
    }

    @Override
    public void subscribe(Subscriber<? super ReadBuffer> subscriber) {
      receiver = subscriber;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      asked += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    boolean isAsked() {
      return asked > 0 && !cancelled;
    }

    Sender send(byte[] bytes) {
      assertThat(isAsked()).isTrue();
      asked--;
      ReadBuffer buffer = ReadBufferFactory.getJdkFactory().adapt(bytes);
      sent.add(buffer);
      receiver().onNext(buffer);
      return this;
    }

    /** Sends as much as is wanted of so many bytes. */
    Sender send(int size) {
      for (int left = size; left > 0 && isAsked(); left -= 64 * 1024) {
        send(new byte[Math.min(left, 64 * 1024)]);
      }
      return this;
    }

    ReceivedBody end() {
      receiver().onComplete();
      return result.join();
    }
  }

  private Sender sender() {
    return new Sender(OptionalLong.empty());
  }

  private static byte[] content(ReceivedBody body) {
    try (BodyBytes bytes = ((ReceivedBody.Whole) body).bytes()) {
      ByteArrayOutputStream shown = new ByteArrayOutputStream();
      bytes
          .pieces()
          .forEach(
              piece ->
                  shown.write(
                      piece.array(), piece.arrayOffset() + piece.position(), piece.remaining()));
      assertThat(bytes.stream().readAllBytes()).isEqualTo(shown.toByteArray());
      return shown.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void nothing_is_kept_back() {
    now = now.plus(LIMIT);
    bodies.expire();
    assertThat(bodies.memoryInUse()).isZero();
  }

  @Test
  void the_largest_body_is_received_whole() {
    for (OptionalLong declared :
        new OptionalLong[] {OptionalLong.of(BodyReceiver.LARGEST), OptionalLong.empty()}) {
      assertThat(content(new Sender(declared).send(BodyReceiver.LARGEST).end()))
          .hasSize(BodyReceiver.LARGEST);
    }
  }

  @Test
  void a_byte_more_is_too_large_and_no_more_is_taken() {
    Sender sender = sender().send(BodyReceiver.LARGEST).send(1);
    assertThat(sender.result).isCompletedWithValue(new ReceivedBody.TooLarge());
    assertThat(sender.cancelled).isTrue();
  }

  @Test
  void a_body_shorter_than_declared_or_torn_is_cut_off() {
    assertThat(new Sender(OptionalLong.of(10)).send(9).end()).isEqualTo(new ReceivedBody.CutOff());
    Sender torn = sender().send(9);
    torn.receiver().onError(new IOException("reset"));
    assertThat(torn.result).isCompletedWithValue(new ReceivedBody.CutOff());
  }

  @Test
  void an_empty_body_is_whole() {
    assertThat(content(sender().end())).isEmpty();
  }

  @Test
  void bytes_come_out_as_they_went_in_however_they_were_cut() {
    byte[] all = new byte[300_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) ((i * 31) >> 3);
    }
    for (int step : new int[] {1, 7, 1023, 1024, 1025, 65_536, 65_537, 299_999, 300_000}) {
      int size = step == 1 ? 5000 : all.length;
      Sender sender = sender();
      for (int from = 0; from < size; from += step) {
        sender.send(Arrays.copyOfRange(all, from, Math.min(size, from + step)));
      }
      assertThat(content(sender.end())).isEqualTo(Arrays.copyOf(all, size));
    }
  }

  @Test
  void a_declared_length_takes_no_memory_and_a_dripping_body_little() {
    List<Sender> senders = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      senders.add(new Sender(OptionalLong.of(BodyReceiver.LARGEST)));
    }
    assertThat(bodies.memoryInUse()).isZero();
    senders.forEach(sender -> sender.send(1));
    assertThat(bodies.memoryInUse()).isLessThanOrEqualTo(1000 * 1024);
    senders.forEach(sender -> sender.send(1));
    assertThat(bodies.memoryInUse()).isLessThanOrEqualTo(1000 * 1024);
  }

  @Test
  void three_large_forged_bodies_hold_up_neither_a_small_nor_a_middling_one() {
    List<Sender> forged = List.of(sender(), sender(), sender());
    forged.forEach(sender -> sender.send(BodyReceiver.LARGEST - 1));
    assertThat(forged).filteredOn(Sender::isAsked).hasSize(1);

    assertThat(content(sender().send(300).end())).hasSize(300);
    assertThat(content(sender().send(60_000).end())).hasSize(60_000);
    Sender middling = sender().send(5 * MIB);
    assertThat(middling.result).isNotDone();

    now = now.plus(GRACE);
    bodies.expire();
    assertThat(forged.getFirst().result).isCompletedWithValue(new ReceivedBody.Dropped());
    middling.send(5 * MIB - 64 * 1024);
    assertThat(middling.end()).isInstanceOf(ReceivedBody.Whole.class);
    content(middling.result.join());
  }

  @Test
  void however_many_hold_some_memory_a_small_body_gets_its_turn() {
    List<Sender> forged = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      forged.add(sender().send(64 * 1024));
      now = i % 400 == 0 ? now.plusMillis(200) : now;
    }
    for (int delivery = 0; delivery < 10; delivery++) {
      Sender genuine = sender().send(10_000);
      Instant came = now;
      while (!genuine.isAsked()) {
        assertThat(genuine.result).as("after " + Duration.between(came, now)).isNotDone();
        now = now.plusMillis(200);
        bodies.expire();
        forged.replaceAll(one -> one.cancelled ? sender().send(64 * 1024) : one);
      }
      assertThat(content(genuine.end())).hasSize(10_000);
      assertThat(forged).filteredOn(one -> !one.cancelled).isNotEmpty();
    }
  }

  @Test
  void who_has_least_gets_memory_first() {
    Sender hog = sender().send(20 * MIB);
    Sender large = sender().send(20 * MIB);
    Sender late = sender().send(4 * MIB);
    assertThat(large.isAsked() || late.isAsked()).isFalse();
    hog.receiver().onError(new IOException("gone"));
    assertThat(late.isAsked()).isTrue();
    assertThat(content(late.send(4 * MIB - 64 * 1024).end()).length).isGreaterThan(3 * MIB);
  }

  @Test
  void a_body_that_came_whole_is_not_dropped() {
    ReceivedBody whole = sender().send(25 * MIB).end();
    Sender other = sender().send(25 * MIB);
    now = now.plus(GRACE);
    bodies.expire();
    assertThat(other.result).isCompletedWithValue(new ReceivedBody.Dropped());
    assertThat(content(whole)).hasSize(25 * MIB);
  }

  @Test
  void a_sender_that_holds_still_is_given_up_at_the_limit_and_not_before() {
    Sender still = sender().send(100);
    now = now.plus(LIMIT).minusMillis(1);
    bodies.expire();
    assertThat(still.result).isNotDone();
    now = now.plusMillis(1);
    bodies.expire();
    assertThat(still.result).isCompletedWithValue(new ReceivedBody.TooSlow());
    assertThat(still.cancelled).isTrue();
  }

  @Test
  void every_buffer_is_closed_in_the_end() {
    ReceivedBody whole = sender().send(BodyReceiver.LARGEST).end();
    Sender waiting = sender().send(BodyReceiver.LARGEST);
    now = now.plus(LIMIT);
    bodies.expire();
    assertThat(waiting.result).isCompletedWithValue(new ReceivedBody.Dropped());
    content(whole);
    assertThat(sent).allSatisfy(buffer -> assertThat(isClosed(buffer)).isTrue());
  }

  private static boolean isClosed(ReadBuffer buffer) {
    try {
      return buffer.readable() < 0;
    } catch (IllegalStateException closed) {
      return true;
    }
  }
}
