package dev.slipway.store;

import java.util.Arrays;

/** What a count is of. */
public enum CounterKind {
  /** Deliveries, and what was found by looking, by their source and the decision. */
  DELIVERY("delivery"),
  /** Runs that have ended, by their end. */
  END("end"),
  /** How often a run was taken up again: after a restart, or when a lease had run out. */
  RETAKEN("retaken"),
  /** Runs that wait in line now. */
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
