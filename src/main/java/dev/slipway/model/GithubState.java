package dev.slipway.model;

import java.util.Locale;

/** The states that GitHub knows for a deployment, as its REST API spells them in lower case. */
public enum GithubState {
  QUEUED,
  IN_PROGRESS,
  SUCCESS,
  FAILURE,
  ERROR,
  INACTIVE;

  /** Whether it is the last one of a deployment that has ended. */
  public boolean isFinal() {
    return this != QUEUED && this != IN_PROGRESS;
  }

  /** The word of the REST API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one table from our ends to GitHub's states. */
  public static GithubState of(End end) {
    return switch (end) {
      case End.Succeeded _ -> SUCCESS;
      case End.Failed _ -> FAILURE;
      case End.Errored _ -> ERROR;
      case End.Cancelled _, End.Superseded _ -> INACTIVE;
    };
  }
}
