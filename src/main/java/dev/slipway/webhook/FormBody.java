package dev.slipway.webhook;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Decodes GitHub's JSON in a form-encoded body as it is read: the value of its one field {@code
 * payload}.
 */
final class FormBody extends FilterInputStream {
  private static final byte[] FIELD = "payload=".getBytes(StandardCharsets.US_ASCII);
  private static final int END = '&';

  private boolean isFound;
  private boolean isOver = true;
  private boolean isMalformed;

  /** Reads from the value's first byte on. */
  FormBody(InputStream form) {
    super(new BufferedInputStream(form));
    try {
      boolean _ = findField();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether there is exactly one such field, without a bad escape in it. */
  static boolean isOnePayload(InputStream form) {
    try (FormBody body = new FormBody(form)) {
      return body.isFound && body.isWellFormed() && !body.findField();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isWellFormed() throws IOException {
    byte[] chunk = new byte[8192];
    int read;
    do {
      read = read(chunk, 0, chunk.length);
    } while (read >= 0);
    return !isMalformed;
  }

  /** Moves behind the name of the next such field, or to the end. */
  private boolean findField() throws IOException {
    int matched = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == END) {
        matched = 0;
      } else if (matched >= 0 && b == FIELD[matched]) {
        matched++;
        if (matched == FIELD.length) {
          isFound = true;
          isOver = false;
          return true;
        }
      } else {
        matched = -1;
      }
    }
    return false;
  }

  @Override
  public int read() throws IOException {
    if (isOver) {
      return -1;
    }
    int b = in.read();
    return switch (b) {
      case -1, END -> {
        isOver = true;
        yield -1;
      }
      case '+' -> ' ';
      case '%' -> {
        int high = Character.digit(in.read(), 16);
        int low = high < 0 ? -1 : Character.digit(in.read(), 16);
        isMalformed |= low < 0;
        isOver = low < 0;
        yield low < 0 ? -1 : high << 4 | low;
      }
      default -> b;
    };
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = 0;
    while (read < length) {
      int b = read();
      if (b < 0) {
        return read == 0 ? -1 : read;
      }
      into[offset + read++] = (byte) b;
    }
    return read;
  }
}
