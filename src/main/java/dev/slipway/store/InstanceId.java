package dev.slipway.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What tells the Slipway of one database from every other: a random text that is made once and kept
 * there, the same for all replicas. It is no secret, but a server tells it to nobody: it says only
 * whether one that it is asked about is its own.
 */
public record InstanceId(String value) {
  /** The name of the stored value. */
  static final String NAME = "instance";

  private static final int BYTES = 16;

  /** The id of this database's Slipway; the first to ask makes it. */
  public static InstanceId of(Database database) {
    return new InstanceId(new StoredValues(database).getOrCreate(NAME, InstanceId::random));
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
