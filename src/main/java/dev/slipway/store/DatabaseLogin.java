package dev.slipway.store;

import org.jspecify.annotations.Nullable;

/** The credentials for the database; null where the address has them or none are needed. */
public record DatabaseLogin(@Nullable String user, @Nullable String password) {
  @Override
  public String toString() {
    return "Login[" + user + "]";
  }
}
