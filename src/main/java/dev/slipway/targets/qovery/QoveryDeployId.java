package dev.slipway.targets.qovery;

import java.time.Instant;

/** The name under which a started deploy is followed, as text that is kept for ever. */
sealed interface QoveryDeployId {
  String PREFIX = "since:";

  /** Qovery named the request. */
  record Request(String id) implements QoveryDeployId {
    @Override
    public String toString() {
      return id;
    }
  }

  /** Qovery named nothing: whatever it did after this instant of its clock may be the deploy. */
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
