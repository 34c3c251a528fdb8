package dev.slipway.model;

import java.util.Arrays;

/** The states that GitHub knows for a deployment. */
public enum GithubState {
  QUEUED("queued"),
  IN_PROGRESS("in_progress"),
  SUCCESS("success"),
  FAILURE("failure"),
  ERROR("error"),
  INACTIVE("inactive");

  private final String code;

  GithubState(String code) {
    this.code = code;
  }

  /** Whether it is the last one of a deployment that has ended. */
  public boolean isFinal() {
    return this != QUEUED && this != IN_PROGRESS;
  }

  /** The word of the REST API, and in the database. */
  public String code() {
    return code;
  }

  /** The state with this code. */
  public static GithubState of(String code) {
    return Arrays.stream(values())
        .filter(state -> state.code.equals(code))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown state: " + code));
  }

  /** The one table from our ends to GitHub's states. */
  public static GithubState of(End end) {
    return switch (end) {
      case End.Succeeded _ -> SUCCESS;
      case End.Failed _ -> FAILURE;
      case End.Errored _ -> ERROR;
      case End.Cancelled _, End.Superseded _, End.Destroyed _ -> INACTIVE;
    };
  }
}
