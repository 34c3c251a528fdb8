package dev.slipway.targets.qovery;

import java.time.Instant;

/** The id under which a started deploy is followed. Its text is stored for ever. */
sealed interface QoveryDeployId {
  String PREFIX = "since:";

  /** Qovery's id of the request. */
  record Request(String id) implements QoveryDeployId {
    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * Qovery named no request: the deploy is one that it began after this instant of its own clock.
   */
  record Since(Instant instant) implements QoveryDeployId {
    @Override
    public String toString() {
      return PREFIX + instant.toEpochMilli();
    }
  }

  static QoveryDeployId of(String requestId, Instant since) {
    return requestId.isBlank() ? new Since(since) : new Request(requestId);
  }

  static QoveryDeployId parse(String text) {
    return text.matches(PREFIX + "-?\\d{1,15}")
        ? new Since(Instant.ofEpochMilli(Long.parseLong(text.substring(PREFIX.length()))))
        : new Request(text);
  }
}
