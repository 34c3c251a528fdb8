package dev.slipway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {
  private static final NamedSecret PUBLISHED =
      new NamedSecret("current", new Secret("It's a Secret to Everybody"), "github.com");
  private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);
  private static final String HEADER =
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  private static Optional<NamedSecret> signer(
      List<NamedSecret> secrets, byte[] body, String header) {
    return new SignatureVerifier(secrets).signer(List.of(ByteBuffer.wrap(body)), header);
  }

  @Test
  void the_vector_that_github_publishes_is_good() {
    assertThat(signer(List.of(PUBLISHED), BODY, HEADER)).contains(PUBLISHED);
  }

  @Test
  void pieces_count_as_the_whole() {
    List<ByteBuffer> pieces =
        List.of(
            ByteBuffer.wrap(BODY, 0, 5),
            ByteBuffer.allocate(0),
            ByteBuffer.wrap(BODY, 5, BODY.length - 5));
    assertThat(new SignatureVerifier(List.of(PUBLISHED)).signer(pieces, HEADER))
        .contains(PUBLISHED);
  }

  @Test
  void bodies_under_the_same_secrets_know_nothing_of_each_other() {
    SignatureVerifier signatures = new SignatureVerifier(List.of(PUBLISHED));
    ByteBuffer body = ByteBuffer.wrap(BODY);
    assertThat(signatures.signer(List.of(body, body), HEADER)).isEmpty();
    assertThat(signatures.signer(List.of(body), HEADER)).contains(PUBLISHED);
  }

  @Test
  void one_bit_more_or_less_is_not_good() {
    for (int at = 0; at < BODY.length; at++) {
      byte[] changed = BODY.clone();
      changed[at] ^= 1;
      assertThat(signer(List.of(PUBLISHED), changed, HEADER)).isEmpty();
    }
    assertThat(
            signer(List.of(PUBLISHED), "Hello, World!\n".getBytes(StandardCharsets.UTF_8), HEADER))
        .isEmpty();
    assertThat(signer(List.of(PUBLISHED), BODY, HEADER.replaceAll(".$", "6"))).isEmpty();
  }

  @Test
  void while_secrets_rotate_each_is_good_and_named() {
    NamedSecret next = new NamedSecret("next", new Secret("another one"), "github.com");
    String byNext = "sha256=" + HexFormat.of().formatHex(Hmac.of(next.secret(), BODY));
    assertThat(signer(List.of(next, PUBLISHED), BODY, HEADER)).contains(PUBLISHED);
    assertThat(signer(List.of(next, PUBLISHED), BODY, byNext)).contains(next);
    assertThat(signer(List.of(PUBLISHED), BODY, byNext)).isEmpty();
  }

  @Test
  void a_secret_is_taken_as_its_utf8_bytes_with_all_its_spaces() {
    NamedSecret odd = new NamedSecret("odd", new Secret(" gehé🚀im \n"), "github.com");
    NamedSecret trimmed = new NamedSecret("trimmed", new Secret("gehé🚀im"), "github.com");
    String header = "sha256=" + HexFormat.of().formatHex(Hmac.of(odd.secret(), BODY));
    assertThat(signer(List.of(odd), BODY, header)).contains(odd);
    assertThat(signer(List.of(trimmed), BODY, header)).isEmpty();
  }

  @Test
  void an_empty_secret_signs_nothing() {
    assertThatThrownBy(() -> new Secret("")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        "sha1=757107ea0eb2509fc211221cce984b8a37570b6d",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e177",
        "sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17",
        "SHA256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1g",
        " sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\n",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17,",
        "sha256=٧57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
      })
  void what_does_not_look_like_githubs_header_is_told_apart(String header) {
    assertThat(SignatureVerifier.isWellFormed(header)).isFalse();
    assertThat(SignatureVerifier.isWellFormed(HEADER)).isTrue();
  }
}
