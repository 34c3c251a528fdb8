package dev.slipway.webhook;

import dev.slipway.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The event in a body whose signature was verified. Copies nothing of it. */
final class Payload {
  private static final int CHUNK = 8192;

  private final BodyBytes bytes;
  private final boolean isForm;

  Payload(BodyBytes bytes, Optional<PayloadFormat> format) {
    this.bytes = bytes;
    this.isForm = format.filter(PayloadFormat.FORM::equals).isPresent();
  }

  /** The response if the body holds no event in UTF-8. */
  Optional<WebhookResponse> problem() {
    if (isForm && !FormBody.isOnePayload(bytes.stream())) {
      return Optional.of(WebhookResponse.malformedForm());
    }
    return isUtf8(json()) ? Optional.empty() : Optional.of(WebhookResponse.notUtf8());
  }

  /** The event's JSON, out of any form encoding. */
  InputStream json() {
    return isForm ? new FormBody(bytes.stream()) : bytes.stream();
  }

  /** The SHA-256 of the body as it came, in hex digits. */
  String digest() {
    return Digest.of(bytes.pieces());
  }

  private static boolean isUtf8(InputStream json) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    try (Reader reader = new InputStreamReader(json, decoder)) {
      char[] chunk = new char[CHUNK];
      int read;
      do {
        read = reader.read(chunk);
      } while (read >= 0);
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
