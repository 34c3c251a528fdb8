package dev.slipway.model;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A deployment status to be posted to GitHub.
 *
 * @param description at most 140 characters, counted by code point
 * @param environmentUrl where the result can be seen
 */
public record Status(GithubState state, String description, @Nullable URI environmentUrl) {
  /** GitHub answers 422 to a longer description. */
  public static final int LONGEST_DESCRIPTION = 140;

  public Status {
    description = shorten(description);
  }

  public Status(GithubState state, String description) {
    this(state, description, null);
  }

  /** The final status of a deployment that ended so. */
  public static Status of(End end) {
    return new Status(GithubState.of(end), end.reason(), end.environmentUrl());
  }

  /** No control characters, and cut at 140 code points with an ellipsis. */
  public static String shorten(String text) {
    return cut(text, LONGEST_DESCRIPTION);
  }

  /** No control characters, and cut at so many code points with an ellipsis. */
  static String cut(String text, int longest) {
    return CleanText.cut(CleanText.line(text), longest);
  }
}
