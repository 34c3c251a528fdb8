package dev.slipway.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 in hex digits, by which two bodies are compared. */
public final class Digest {
  private Digest() {}

  /** The digest of these bytes. */
  public static String of(byte[] bytes) {
    return of(List.of(ByteBuffer.wrap(bytes)));
  }

  /** The digest of the pieces as one. */
  public static String of(List<ByteBuffer> pieces) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      pieces.forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
