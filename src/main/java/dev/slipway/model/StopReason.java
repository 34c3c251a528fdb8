package dev.slipway.model;

import java.util.Arrays;

/** Why a target was asked to stop its deploy. */
public enum StopReason {
  /** The deploy ran for longer than it may in all. */
  DEADLINE("deadline"),

  /** The deploy showed the same phase for longer than it may. */
  NO_PROGRESS("no_progress"),

  /** A newer deployment came, and the route wants older ones to be stopped for it. */
  REPLACED("replaced"),

  /** Somebody cancelled the deployment. */
  CANCELLED("cancelled");

  private final String code;

  StopReason(String code) {
    this.code = code;
  }

  /** The word in the database. */
  public String code() {
    return code;
  }

  /**
   * The reason with this code.
   *
   * @throws IllegalArgumentException when there is none; another version may know it
   */
  public static StopReason of(String code) {
    return Arrays.stream(values())
        .filter(reason -> reason.code.equals(code))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown reason to stop: " + code));
  }
}
