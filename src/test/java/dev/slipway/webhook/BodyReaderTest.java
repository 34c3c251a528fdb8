package dev.slipway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(30);

  private static BodyReader.Body read(BodyReader reader, InputStream stream, OptionalLong declared)
      throws InterruptedException {
    return reader.read(stream, declared, (_, _) -> {}, body -> body);
  }

  /** A body of zeros that counts how much of it was asked for. */
  private static final class Zeros extends InputStream {
    private final long size;
    private long given;

    Zeros(long size) {
      this.size = size;
    }

    @Override
    public int read() {
      return given++ < size ? 0 : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int some = (int) Math.min(length, size - given);
      given += some;
      return some == 0 && length > 0 ? -1 : some;
    }
  }

  @Test
  void the_largest_body_is_read_whole() throws InterruptedException {
    BodyReader reader = new BodyReader(LONG);
    for (OptionalLong declared :
        new OptionalLong[] {OptionalLong.of(BodyReader.LARGEST), OptionalLong.empty()}) {
      assertThat(read(reader, new Zeros(BodyReader.LARGEST), declared))
          .isInstanceOfSatisfying(
              BodyReader.Body.Whole.class,
              whole -> assertThat(whole.bytes().get()).hasSize(BodyReader.LARGEST));
    }
  }

  @Test
  void one_byte_more_is_refused_before_it_is_read_when_it_was_declared()
      throws InterruptedException {
    Zeros zeros = new Zeros(BodyReader.LARGEST + 1L);
    assertThat(read(new BodyReader(LONG), zeros, OptionalLong.of(BodyReader.LARGEST + 1L)))
        .isEqualTo(new BodyReader.Body.TooLarge());
    assertThat(zeros.given).isZero();
  }

  @Test
  void an_endless_body_is_not_read_much_beyond_the_limit() throws InterruptedException {
    Zeros zeros = new Zeros(Long.MAX_VALUE);
    assertThat(read(new BodyReader(LONG), zeros, OptionalLong.empty()))
        .isEqualTo(new BodyReader.Body.TooLarge());
    assertThat(zeros.given).isBetween(BodyReader.LARGEST + 1L, BodyReader.LARGEST + 128L * 1024);
  }

  @Test
  void a_body_shorter_than_declared_or_torn_is_cut_off() throws InterruptedException {
    BodyReader reader = new BodyReader(LONG);
    assertThat(read(reader, new Zeros(9), OptionalLong.of(10)))
        .isEqualTo(new BodyReader.Body.CutOff());
    InputStream torn =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("reset");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("reset");
          }
        };
    assertThat(read(reader, torn, OptionalLong.of(10))).isEqualTo(new BodyReader.Body.CutOff());
  }

  @Test
  void a_sender_that_holds_still_is_given_up_and_its_memory_is_free_again() throws Exception {
    BodyReader reader = new BodyReader(SHORT);
    for (int i = 0; i < 3; i++) {
      try (PipedOutputStream sender = new PipedOutputStream()) {
        PipedInputStream still = new PipedInputStream(sender);
        assertThat(read(reader, still, OptionalLong.of(BodyReader.LARGEST)))
            .isEqualTo(new BodyReader.Body.TooSlow());
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
      }
    }
    assertThat(read(reader, new ByteArrayInputStream(new byte[100_000]), OptionalLong.of(100_000)))
        .isInstanceOf(BodyReader.Body.Whole.class);
  }

  @Test
  void every_piece_is_shown_once_in_order() throws InterruptedException {
    byte[] bytes = new byte[200_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((i * 31) >> 3);
    }
    var seen = new java.io.ByteArrayOutputStream();
    byte[] body =
        new BodyReader(LONG)
            .read(
                new ByteArrayInputStream(bytes),
                OptionalLong.empty(),
                (piece, length) -> seen.write(piece, 0, length),
                whole -> ((BodyReader.Body.Whole) whole).bytes().get());
    assertThat(seen.toByteArray()).isEqualTo(bytes);
    assertThat(body).isEqualTo(bytes);
  }

  @Test
  void a_body_is_not_mixed_with_the_one_before_it() throws InterruptedException {
    BodyReader reader = new BodyReader(LONG);
    for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 131_072, 70_000, 1, 300_000}) {
      byte[] bytes = new byte[size];
      java.util.Arrays.fill(bytes, (byte) (size % 97 + 1));
      for (OptionalLong declared :
          new OptionalLong[] {OptionalLong.of(size), OptionalLong.empty()}) {
        byte[] read =
            reader.read(
                new ByteArrayInputStream(bytes),
                declared,
                (_, _) -> {},
                whole -> ((BodyReader.Body.Whole) whole).bytes().get());
        assertThat(read).isEqualTo(bytes);
      }
    }
  }
}
