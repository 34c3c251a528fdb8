package dev.slipway.targets;

import dev.slipway.model.Attempt;
import java.net.URI;
import java.util.Optional;

/** Lets a provider say how a deploy ended, by a request to Slipway. */
public interface Callbacks {
  /**
   * Where the provider may post one answer for this attempt; the same address each time. Whoever
   * has it may answer, so no message may show it.
   */
  Callback of(Attempt attempt);

  /**
   * The body that came for the attempt, to this process or another one; empty while none did. It is
   * untrusted.
   */
  Optional<String> received(Attempt attempt);

  /**
   * A callback address.
   *
   * @param key the part of the address that has to stay secret
   */
  record Callback(URI address, String key) {
    @Override
    public String toString() {
      return "Callback[***]";
    }
  }
}
