package dev.slipway.store;

import java.util.Arrays;

/** The kinds of counts. */
public enum CounterKind {
  /** Deliveries, and what was found by looking, by their source and the decision. */
  DELIVERY("delivery"),
  /** Runs that have ended, by their end. */
  END("end"),
  /** Runs that were leased again: after a restart, or when a lease had run out. */
  RETAKEN("retaken"),
  /** Tries to send notifications, by the webhook and what came of them. */
  NOTIFICATION("notification"),
  /** Runs that wait in a queue now. */
  QUEUED("queued"),
  /** Runs that go on now. */
  RUNNING("running");

  private final String code;

  CounterKind(String code) {
    this.code = code;
  }

  String code() {
    return code;
  }

  static CounterKind of(String code) {
    return Arrays.stream(values())
        .filter(kind -> kind.code.equals(code))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown kind of count: " + code));
  }
}
