package dev.slipway.github;

import dev.slipway.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The private key of a GitHub App, which signs with RS256. Prints as {@code ***}. */
public final class AppPrivateKey {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");

  private static final int LEAST_BITS = 2048;

  /** {@code 0}, and an algorithm identifier with the OID of RSA: what PKCS#8 puts before PKCS#1. */
  private static final byte[] RSA_HEAD = {
    2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
  };

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;

  private final PrivateKey key;

  private AppPrivateKey(PrivateKey key) {
    this.key = key;
  }

  /** The result of reading a key. */
  public sealed interface Parsed {
    /** The key. */
    record Good(AppPrivateKey key) implements Parsed {}

    /** What is wrong, as a sentence that begins after the name of the setting and shows nothing. */
    record Bad(String sentence) implements Parsed {}
  }

  /**
   * Reads a key in PEM, PKCS#1 as GitHub makes it or PKCS#8. Its lines may be divided by {@code \n}
   * in two characters, as many places for variables have it.
   */
  public static Parsed parse(Secret text) {
    String pem = lines(text);
    Matcher found = PEM.matcher(pem);
    if (pem.contains("ENCRYPTED")) {
      return new Parsed.Bad(
          "has a passphrase, and GitHub's keys have none: take the file as GitHub made it");
    }
    if (!found.find()) {
      return new Parsed.Bad(
          "is no private key: it must be the whole PEM file that GitHub made for the App, from"
              + " -----BEGIN RSA PRIVATE KEY----- to -----END RSA PRIVATE KEY-----");
    }
    return switch (found.group(1)) {
      case "RSA PRIVATE KEY" -> parse(found.group(2), true);
      case "PRIVATE KEY" -> parse(found.group(2), false);
      default ->
          new Parsed.Bad(
              "holds a %s: it must be the private key that GitHub made for the App"
                  .formatted(found.group(1)));
    };
  }

  /** The text with real line ends. */
  public static String lines(Secret text) {
    return text.reveal().replace("\\r", "").replace("\\n", "\n").replace("\r", "");
  }

  private static Parsed parse(String base64, boolean isPkcs1) {
    try {
      byte[] der = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
      PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(isPkcs1 ? pkcs8(der) : der);
      RSAPrivateKey key = (RSAPrivateKey) KeyFactory.getInstance("RSA").generatePrivate(spec);
      int bits = key.getModulus().bitLength();
      return bits < LEAST_BITS
          ? new Parsed.Bad("is an RSA key of %d bits; GitHub's have %d".formatted(bits, LEAST_BITS))
          : new Parsed.Good(new AppPrivateKey(key));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return new Parsed.Bad(
          "is damaged, or no RSA key: take the whole PEM file that GitHub made for the App");
    }
  }

  private static byte[] pkcs8(byte[] pkcs1) {
    byte[] octets = element(OCTETS, pkcs1);
    byte[] both = new byte[RSA_HEAD.length + octets.length];
    System.arraycopy(RSA_HEAD, 0, both, 0, RSA_HEAD.length);
    System.arraycopy(octets, 0, both, RSA_HEAD.length, octets.length);
    return element(SEQUENCE, both);
  }

  /** A DER element; keys are longer than 255 bytes and shorter than 64 KiB. */
  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(tag);
    der.write(0x82);
    der.write(content.length >>> Byte.SIZE);
    der.write(content.length);
    der.writeBytes(content);
    return der.toByteArray();
  }

  /** The signature of an ASCII text by RS256. */
  byte[] sign(String text) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an RSA key cannot sign", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
