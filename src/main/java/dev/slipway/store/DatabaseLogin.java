package dev.slipway.store;

import org.jspecify.annotations.Nullable;

/** Who to be at the database; both null where the address says it or nobody asks. */
public record DatabaseLogin(@Nullable String user, @Nullable String password) {
  @Override
  public String toString() {
    return "Login[" + user + "]";
  }
}
