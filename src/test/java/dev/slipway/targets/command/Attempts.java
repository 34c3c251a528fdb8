package dev.slipway.targets.command;

import dev.slipway.model.Attempt;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Attempts to hand to a target. */
final class Attempts {
  static final Instant SINCE = Instant.parse("2026-11-21T10:00:00.123456Z");
  static final String SHA = "0123456789abcdef0123456789abcdef01234567";

  private static final AtomicLong NEXT = new AtomicLong(1);

  private Attempts() {}

  static Attempt plain() {
    return hostile("main", "{}");
  }

  /** An attempt in which every text but the payload is {@code text}. */
  static Attempt hostile(String text, String payload) {
    return of(
        new Deployment(
            new Repository("github.example", 7, text),
            4711L,
            SHA,
            text,
            new Environment(text, false, true),
            text,
            payload,
            text,
            text,
            SINCE));
  }

  static Attempt of(Deployment deployment) {
    return new Attempt(deployment, NEXT.getAndIncrement(), 1, "shell", SINCE, null);
  }

  /** The same run, started again right after a crash. */
  static Attempt later(Attempt attempt) {
    return new Attempt(
        attempt.deployment(),
        attempt.deploymentId(),
        attempt.run(),
        attempt.target(),
        attempt.since().plusMillis(300),
        attempt.host());
  }

  /** The same attempt, intended in this place. */
  static Attempt in(CommandHost place, Attempt attempt) {
    return new Attempt(
        attempt.deployment(),
        attempt.deploymentId(),
        attempt.run(),
        attempt.target(),
        attempt.since(),
        place);
  }
}
