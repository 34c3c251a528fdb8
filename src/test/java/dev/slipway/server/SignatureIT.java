package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only what GitHub signed comes in, byte for byte. */
class SignatureIT {
  private static final String HEADER = "X-Hub-Signature-256";

  @TempDir static Path folder;
  private static CountedDeploys gate;

  @BeforeAll
  static void open() {
    gate = new CountedDeploys(folder);
  }

  @AfterAll
  static void nothingElseRan() {
    try (CountedDeploys last = gate) {
      last.ranExactlyWhatItAccepted();
    }
  }

  @Test
  void the_vector_that_github_publishes_passes_the_webhook() {
    RawDelivery vector =
        RawDelivery.of("Hello, World!")
            .but(HEADER, "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    gate.refuses(vector, 400, "the body is not JSON");
  }

  @Test
  void without_a_signature_nobody_comes_in() {
    gate.refuses(RawDelivery.of(gate.fresh()).without(HEADER), 401, "signature_missing");
  }

  @Test
  void sha1_alone_is_no_signature() {
    RawDelivery parcel =
        RawDelivery.of(gate.fresh())
            .without(HEADER)
            .with("X-Hub-Signature", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d");
    gate.refuses(parcel, 401, "signature_missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        "sha256",
        "=",
        "sha1=757107ea0eb2509fc211221cce984b8a37570b6d",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1700",
        "sha256=zzzz07ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha512=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
      })
  void a_malformed_signature_is_refused(String signature) {
    gate.refuses(RawDelivery.of(gate.fresh()).but(HEADER, signature), 401, "signature_malformed");
  }

  @Test
  void the_right_signature_in_upper_case_or_cut_short_is_refused() {
    String body = gate.fresh();
    String right = SlipwayServer.sign(body.getBytes(StandardCharsets.UTF_8));
    String upper = "sha256=" + right.substring(7).toUpperCase(Locale.ROOT);
    gate.refuses(RawDelivery.of(body).but(HEADER, upper), 401, "signature_malformed");
    gate.refuses(
        RawDelivery.of(body).but(HEADER, right.substring(0, 70)), 401, "signature_malformed");
    gate.refuses(RawDelivery.of(body).but(HEADER, right.substring(7)), 401, "signature_malformed");
  }

  @Test
  void two_signatures_are_refused_even_when_both_are_right() {
    String body = gate.fresh();
    String right = SlipwayServer.sign(body.getBytes(StandardCharsets.UTF_8));
    gate.refuses(RawDelivery.of(body).with(HEADER, right), 401, "signature_malformed");
    gate.refuses(
        RawDelivery.of(body).but(HEADER, right + ", " + right), 401, "signature_malformed");
  }

  @Test
  void a_signature_made_with_another_key_is_refused() {
    String body = gate.fresh();
    // HMAC pads its key with zeros, so this is also the signature of an empty key
    for (String key :
        new String[] {"\0", "x", SlipwayServer.SECRET + " ", "it's a secret to everybody"}) {
      gate.refuses(
          RawDelivery.of(body).but(HEADER, CountedDeploys.signedWith(key, body)),
          401,
          "signature_mismatch");
    }
  }

  @Test
  void the_bare_digest_of_the_body_is_refused() throws NoSuchAlgorithmException {
    String body = gate.fresh();
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
    gate.refuses(
        RawDelivery.of(body).but(HEADER, "sha256=" + HexFormat.of().formatHex(digest)),
        401,
        "signature_mismatch");
  }

  @Test
  void the_right_signature_of_another_body_is_refused() {
    String other = SlipwayServer.sign(gate.fresh().getBytes(StandardCharsets.UTF_8));
    gate.refuses(RawDelivery.of(gate.fresh()).but(HEADER, other), 401, "signature_mismatch");
  }

  /** The same text in two forms: each is good under its own signature only. */
  private static void differ(String signed, String sent) {
    gate.refuses(
        RawDelivery.of(sent)
            .but(HEADER, SlipwayServer.sign(signed.getBytes(StandardCharsets.UTF_8))),
        401,
        "signature_mismatch");
  }

  @Test
  void the_signature_is_over_the_bytes_and_not_over_their_meaning() {
    String raw = gate.fresh().replace("from chat", "ü🚀\u2028");
    String escaped = raw.replace("ü🚀\u2028", "\\u00fc\\ud83d\\ude80\\u2028");
    differ(raw, escaped);
    differ(escaped, raw);
    differ(raw, raw.replace("ü", "u\u0308"));
    differ(raw, raw + "\n");
    differ(raw + "\n", raw);
    differ(raw, "\uFEFF" + raw);
    differ(raw, raw.replace("\n", "\r\n"));
    differ(raw, raw.replace(":", ": "));
    gate.accepts(RawDelivery.of(raw));
    gate.decides(RawDelivery.of(escaped), 202, "duplicate");
    gate.decides(RawDelivery.of(raw.replace("\n", "\r\n") + "\r\n"), 202, "duplicate");
  }

  @Test
  void a_form_is_signed_as_it_was_sent() {
    String json = gate.fresh();
    String form = "payload=" + java.net.URLEncoder.encode(json, StandardCharsets.UTF_8);
    RawDelivery parcel =
        RawDelivery.of(form)
            .but("Content-Type", "application/x-www-form-urlencoded")
            .but(HEADER, SlipwayServer.sign(json.getBytes(StandardCharsets.UTF_8)));
    gate.refuses(parcel, 401, "signature_mismatch");
  }

  @Test
  void a_refusal_is_not_to_be_kept_by_anybody() {
    RawDelivery.Reply reply = gate.send(RawDelivery.of(gate.fresh()).without(HEADER));
    assertThat(reply.has("Cache-Control: no-store")).isTrue();
    assertThat(reply.has("X-Content-Type-Options: nosniff")).isTrue();
    assertThat(reply.has("Content-Type: application/problem+json")).isTrue();
    assertThat(reply.has("\r\nServer:")).isFalse();
  }
}
