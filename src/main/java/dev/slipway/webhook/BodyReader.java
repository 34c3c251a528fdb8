package dev.slipway.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies of up to 25 MiB. Small ones are read at once; the large ones share a budget of
 * memory, which is used again and again, so that twenty forged ones at once do not take twenty
 * times the memory, nor leave it behind as garbage.
 */
final class BodyReader {
  /** GitHub sends nothing larger. */
  static final int LARGEST = 25 * 1024 * 1024;

  private static final int PIECE = 64 * 1024;
  private static final int BUDGET = 28 * 1024 * 1024 / PIECE;
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Semaphore budget = new Semaphore(BUDGET, true);
  private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();
  private final Duration limit;

  /**
   * @param limit how long a sender may take for a whole body; GitHub itself gives up after 10 s
   */
  BodyReader(Duration limit) {
    this.limit = limit;
  }

  /** What came of reading a body. */
  sealed interface Body {
    /** All of it. */
    record Whole(Bytes bytes) implements Body {}

    /** More than GitHub would send. */
    record TooLarge() implements Body {}

    /** Too many large bodies are being read at the moment. */
    record NoRoom() implements Body {}

    /** The sender went away before its end. */
    record CutOff() implements Body {}

    /** Not all of it had come within the limit. */
    record TooSlow() implements Body {}
  }

  /** Bytes in pieces of memory that are only lent. */
  static final class Bytes {
    private final List<byte[]> pieces = new ArrayList<>();
    private int size;

    private void add(byte[] piece, int length) {
      pieces.add(piece);
      size += length;
    }

    /** A copy in one piece, which may be kept. */
    byte[] get() {
      byte[] all = new byte[size];
      int at = 0;
      for (byte[] piece : pieces) {
        int length = Math.min(piece.length, size - at);
        System.arraycopy(piece, 0, all, at, length);
        at += length;
      }
      return all;
    }
  }

  /** Is shown each piece as it comes. */
  interface Onlooker {
    void see(byte[] piece, int length);
  }

  /** What is done with a body while its memory is lent. */
  interface Use<T> {
    T with(Body body);
  }

  /**
   * Reads a body and uses it; the memory is lent to others when this returns.
   *
   * @param declared the {@code Content-Length}, if there was one
   */
  <T> T read(@Nullable InputStream stream, OptionalLong declared, Onlooker onlooker, Use<T> use)
      throws InterruptedException {
    if (declared.orElse(0) > LARGEST) {
      return use.with(new Body.TooLarge());
    }
    if (stream == null) {
      return use.with(new Body.Whole(new Bytes()));
    }
    int units = units(declared);
    if (units > 0 && !budget.tryAcquire(units, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      return use.with(new Body.NoRoom());
    }
    Bytes bytes = new Bytes();
    try {
      return use.with(timely(stream, declared, bytes, onlooker));
    } finally {
      if (units > 0) {
        spare.addAll(bytes.pieces);
        budget.release(units);
      }
    }
  }

  /** How many pieces to reserve. A body of unknown length may turn out as large as any. */
  private static int units(OptionalLong declared) {
    long length = declared.orElse(LARGEST);
    return length < PIECE ? 0 : (int) (length / PIECE) + 1;
  }

  /** A sender that holds still would hold its share of the memory for ever. */
  private Body timely(InputStream stream, OptionalLong declared, Bytes bytes, Onlooker onlooker) {
    try (Alarm alarm = new Alarm(Thread.currentThread(), limit);
        stream) {
      Body body = all(stream, declared, bytes, onlooker);
      return body instanceof Body.CutOff && alarm.hasRung() ? new Body.TooSlow() : body;
    } catch (IOException e) {
      return new Body.CutOff();
    }
  }

  private Body all(InputStream stream, OptionalLong declared, Bytes bytes, Onlooker onlooker) {
    try {
      int length;
      byte[] piece;
      do {
        piece = piece(declared);
        length = stream.readNBytes(piece, 0, piece.length);
        bytes.add(piece, length);
        if (bytes.size > LARGEST) {
          return new Body.TooLarge();
        }
        onlooker.see(piece, length);
      } while (length == piece.length);
      return bytes.size < declared.orElse(0) ? new Body.CutOff() : new Body.Whole(bytes);
    } catch (IOException e) {
      return new Body.CutOff();
    }
  }

  /** Always with room for more than a small body, so that its end shows. */
  private byte[] piece(OptionalLong declared) {
    if (units(declared) == 0) {
      return new byte[(int) declared.getAsLong() + 1];
    }
    byte[] used = spare.poll();
    return used == null ? new byte[PIECE] : used;
  }
}
