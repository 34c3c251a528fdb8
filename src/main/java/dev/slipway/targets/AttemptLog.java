package dev.slipway.targets;

import java.util.Optional;

/** The operator's log of one attempt. */
public interface AttemptLog {
  /** Adds a line of Slipway's own, such as "Render: build_in_progress". */
  void log(String line);

  /**
   * Adds output of a command or of a provider's build, exactly as it came: any bytes, cut anywhere,
   * in their order. It is redacted and made safe before it is kept.
   */
  void output(byte[] bytes, int offset, int length);

  /** Where the provider's own log goes; empty when it is not wanted. */
  default Optional<ProviderLog> provider() {
    return Optional.empty();
  }
}
