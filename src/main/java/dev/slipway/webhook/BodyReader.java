package dev.slipway.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies of up to 25 MiB. Small ones are read at once; the large ones share a budget of
 * memory, so that twenty forged ones at once do not take twenty times the memory.
 */
final class BodyReader {
  /** GitHub sends nothing larger. */
  static final int LARGEST = 25 * 1024 * 1024;

  private static final int SMALL = 64 * 1024;
  private static final int UNIT = 1024;
  private static final int BUDGET = 28 * 1024 * 1024 / UNIT;
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Semaphore budget = new Semaphore(BUDGET, true);
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

  /** Bytes in memory. */
  static final class Bytes {
    private final byte[] all;

    Bytes(byte[] all) {
      this.all = all;
    }

    byte[] get() {
      return all;
    }
  }

  /** What is done with a body while its memory is reserved. */
  interface Use<T> {
    T with(Body body);
  }

  /**
   * Reads a body and uses it; the memory counts as free again when this returns.
   *
   * @param declared the {@code Content-Length}, if there was one
   * @param pieces is given each piece as it comes
   */
  <T> T read(
      @Nullable InputStream stream, OptionalLong declared, Consumer<byte[]> pieces, Use<T> use)
      throws InterruptedException {
    if (declared.orElse(0) > LARGEST) {
      return use.with(new Body.TooLarge());
    }
    int units = units(declared);
    if (units > 0 && !budget.tryAcquire(units, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      return use.with(new Body.NoRoom());
    }
    try {
      return use.with(
          stream == null
              ? new Body.Whole(new Bytes(new byte[0]))
              : timely(stream, declared, pieces));
    } finally {
      budget.release(units);
    }
  }

  /** A body of unknown length may turn out as large as any. */
  private static int units(OptionalLong declared) {
    long length = declared.orElse(LARGEST);
    return length <= SMALL ? 0 : (int) (length / UNIT) + 1;
  }

  /** A sender that holds still would hold its share of the memory for ever. */
  private Body timely(InputStream stream, OptionalLong declared, Consumer<byte[]> pieces) {
    try (Alarm alarm = new Alarm(Thread.currentThread(), limit)) {
      Body body = all(stream, declared, pieces);
      return body instanceof Body.CutOff && alarm.hasRung() ? new Body.TooSlow() : body;
    }
  }

  private static Body all(InputStream stream, OptionalLong declared, Consumer<byte[]> pieces) {
    try (stream) {
      var bytes = new ByteArrayOutputStream((int) declared.orElse(SMALL));
      for (byte[] piece = stream.readNBytes(SMALL);
          piece.length > 0;
          piece = stream.readNBytes(SMALL)) {
        if (bytes.size() + piece.length > LARGEST) {
          return new Body.TooLarge();
        }
        pieces.accept(piece);
        bytes.writeBytes(piece);
      }
      boolean cutOff = declared.isPresent() && bytes.size() < declared.getAsLong();
      return cutOff ? new Body.CutOff() : new Body.Whole(new Bytes(bytes.toByteArray()));
    } catch (IOException e) {
      return new Body.CutOff();
    }
  }
}
