package dev.slipway.model;

import java.util.regex.Pattern;

/**
 * A repository on one GitHub host.
 *
 * @param host {@code github.com}, a GitHub Enterprise Server's host name, or {@code TENANT.ghe.com}
 * @param id GitHub's number for it, which outlives renames; 0 where only the name is known
 * @param fullName {@code owner/name} as GitHub spelled it in the event
 */
public record Repository(String host, long id, String fullName) {
  private static final Pattern FULL_NAME =
      Pattern.compile("(?!\\.{1,2}/)[\\w.-]{1,100}/(?!\\.{1,2}$)[\\w.-]{1,100}");

  /** Stands for a deploy that was asked for without naming a repository. */
  public static final Repository NONE = new Repository("local", 0, "");

  /** Whether the text is {@code owner/name}, and no way out of a path that it is put into. */
  public static boolean isFullName(String text) {
    return FULL_NAME.matcher(text).matches();
  }

  public boolean isNamed() {
    return !fullName.isEmpty();
  }
}
