package dev.slipway.api;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request, as far as it may go. */
final class RequestBody {
  private RequestBody() {}

  /**
   * All of it, or one byte more than the limit where it is longer; nothing where there is none.
   *
   * @param limit how many bytes there may be
   */
  static byte[] read(@Nullable InputStream body, int limit) throws IOException {
    if (body == null) {
      return new byte[0];
    }
    try (body) {
      return body.readNBytes(limit + 1);
    }
  }
}
