package dev.slipway.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class AppPrivateKeyTest {
  private static void signs(String pem) throws Exception {
    AppPrivateKey key = ((AppPrivateKey.Parsed.Good) AppPrivateKey.parse(new Secret(pem))).key();
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(AppKeys.PAIR.getPublic());
    signature.update("text".getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(key.sign("text"))).isTrue();
    assertThat(key).hasToString("***");
  }

  private static String problem(String text) {
    return ((AppPrivateKey.Parsed.Bad) AppPrivateKey.parse(new Secret(text))).sentence();
  }

  @Test
  void a_key_signs_however_its_pem_is_written() throws Exception {
    String pkcs1 = AppKeys.pkcs1(AppKeys.PAIR);
    signs(pkcs1);
    signs(AppKeys.pkcs8(AppKeys.PAIR));
    signs(pkcs1.replace("\n", "\\n"));
    signs(pkcs1.replace("\n", "\r\n"));
    signs("Bag Attributes\n" + pkcs1.strip());
    signs(pkcs1.replace("\n", " ").replace("- ", "-\n").replace(" -", "\n-"));
  }

  @Test
  void what_is_no_key_is_named_and_not_shown() {
    String pkcs1 = AppKeys.pkcs1(AppKeys.PAIR);
    assertThat(problem("/run/secrets/app.pem")).startsWith("is no private key").contains("BEGIN");
    assertThat(problem(pkcs1.substring(0, 200))).startsWith("is no private key");
    assertThat(problem(pkcs1.replaceFirst("\n[^\n]+\n", "\n"))).startsWith("is damaged");
    assertThat(problem(pkcs1.replaceFirst("\nM", "\n*"))).startsWith("is damaged");
    assertThat(problem(AppKeys.pem("RSA PRIVATE KEY", new byte[] {1}))).startsWith("is damaged");
    assertThat(problem(AppKeys.pem("PUBLIC KEY", AppKeys.PAIR.getPublic().getEncoded())))
        .startsWith("holds a PUBLIC KEY");
    assertThat(problem(AppKeys.pkcs8(AppKeys.pair("EC", 256)))).startsWith("is damaged, or no RSA");
    assertThat(problem(AppKeys.pkcs8(AppKeys.pair("RSA", 1024)))).contains("1024 bits");
    assertThat(problem(pkcs1.replace("PRIVATE KEY-----\nM", "PRIVATE KEY-----\nENCRYPTED\nM")))
        .startsWith("has a passphrase");
    assertThat(problem("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n"))
        .startsWith("has a passphrase")
        .isEqualTo(problem("-----BEGIN ENCRYPTED PRIVATE KEY-----".toUpperCase(Locale.ROOT)));
  }
}
