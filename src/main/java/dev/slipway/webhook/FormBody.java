package dev.slipway.webhook;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes GitHub's JSON out of a form-encoded body: one field, {@code payload}. */
final class FormBody {
  private static final String FIELD = "payload=";

  private FormBody() {}

  /** The field's value as UTF-8; empty when there is none, more than one, or a bad escape in it. */
  static Optional<byte[]> payload(byte[] form) {
    String text = new String(form, StandardCharsets.ISO_8859_1);
    List<String> payloads =
        Stream.of(text.split("&")).filter(field -> field.startsWith(FIELD)).limit(2).toList();
    if (payloads.size() != 1) {
      return Optional.empty();
    }
    try {
      byte[] value =
          URLDecoder.decode(
                  payloads.getFirst().substring(FIELD.length()), StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      return Optional.of(value);
    } catch (IllegalArgumentException | CharacterCodingException malformed) {
      return Optional.empty();
    }
  }
}
