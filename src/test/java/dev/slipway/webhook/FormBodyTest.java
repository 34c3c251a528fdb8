package dev.slipway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormBodyTest {
  /** The payload, where there is exactly one and it is UTF-8. */
  private static Optional<String> payload(String form) {
    return payload(form.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> payload(byte[] bytes) {
    if (!FormBody.isOnePayload(new ByteArrayInputStream(bytes))) {
      return Optional.empty();
    }
    try (InputStream body = new FormBody(new ByteArrayInputStream(bytes))) {
      ByteBuffer read = ByteBuffer.wrap(body.readAllBytes());
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(read).toString());
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "payload=%7B%22a%22%3A1%7D, {\"a\":1}",
        "payload=a+b%20c, a b c",
        "payload=a%2Bb, a+b",
        "payload=a=b, a=b",
        "payload=%c3%bc, ü",
        "payload=ü, ü",
        "payload=%F0%9F%9A%80, 🚀",
        "payload=%26payload%3D, &payload=",
        "x=1&payload=a&y=2, a",
        "payload=a&, a",
        "&payload=a, a",
        "Payload=b&payload=a, a"
      })
  void the_payload_is_unpacked(String form, String value) {
    assertThat(payload(form)).contains(value);
  }

  @Test
  void an_empty_payload_is_there() {
    assertThat(payload("payload=")).contains("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "&",
        "payload",
        "payloads=a",
        "Payload=a",
        "xpayload=a",
        " payload=a",
        "payload%3Da",
        "{\"a\":1}",
        "payload=a&payload=a",
        "payload=a&payload=b",
        "payload=a&x=1&payload=",
        "payload=%",
        "payload=%7",
        "payload=%zz",
        "payload=%-1",
        "payload=%+1",
        "payload=%u0041",
        "payload=%FF",
        "payload=%C3",
        "payload=%ED%A0%80",
        "payload=%C0%80"
      })
  void without_exactly_one_good_payload_there_is_none(String form) {
    assertThat(payload(form)).isEmpty();
  }

  @Test
  void bytes_that_are_not_utf8_are_no_payload() {
    assertThat(payload("payload=\u00FF".getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
  }
}
