package dev.slipway.github;

import dev.slipway.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys of GitHub Apps for tests, and what GitHub does with their tokens. */
public final class AppKeys {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** One for all tests, as making one takes long. */
  public static final KeyPair PAIR = pair("RSA", 2048);

  private AppKeys() {}

  static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
  }

  /** As OpenSSL writes it. */
  public static String pkcs8(KeyPair pair) {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  /** As GitHub writes it: what is inside PKCS#8, behind version and algorithm. */
  public static String pkcs1(KeyPair pair) {
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
  }

  /** A GitHub App with the key of the tests. */
  public static AppCredential credential(String issuer) {
    return new AppCredential(issuer, key(), null);
  }

  static AppPrivateKey key() {
    return ((AppPrivateKey.Parsed.Good) AppPrivateKey.parse(new Secret(pkcs1(PAIR)))).key();
  }

  /** The claims of a token; fails unless this key has signed it by RS256. */
  public static JsonNode verified(String jwt, PublicKey key) {
    String[] parts = jwt.split("\\.", -1);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(key);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))
          || !decoded(parts[0]).path("alg").asString("").equals("RS256")) {
        throw new AssertionError("no RS256 signature of this key: " + jwt);
      }
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    return decoded(parts[1]);
  }

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  private static JsonNode decoded(String part) {
    return JSON.readTree(Base64.getUrlDecoder().decode(part));
  }
}
