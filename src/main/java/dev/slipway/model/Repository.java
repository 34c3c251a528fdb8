package dev.slipway.model;

import java.util.regex.Pattern;

/**
 * A repository on one GitHub host.
 *
 * @param host {@code github.com}, a GitHub Enterprise Server's host name, or {@code TENANT.ghe.com}
 * @param id GitHub's number for it, which outlives renames; 0 where only the name is known
 * @param fullName {@code owner/name} as GitHub spelled it in the event
 * @param installation GitHub's number for the installation of the GitHub App that got the event; 0
 *     where none is known. A later installation has another one
 */
public record Repository(String host, long id, String fullName, long installation) {
  private static final Pattern FULL_NAME =
      Pattern.compile("(?!\\.{1,2}/)[\\w.-]{1,100}/(?!\\.{1,2}$)[\\w.-]{1,100}");

  /** Stands for a deploy that was asked for without naming a repository. */
  public static final Repository NONE = new Repository("local", 0, "");

  /** A repository of which no installation is known. */
  public Repository(String host, long id, String fullName) {
    this(host, id, fullName, 0);
  }

  /** Whether the text is {@code owner/name}, and no way out of a path that it is put into. */
  public static boolean isFullName(String text) {
    return FULL_NAME.matcher(text).matches();
  }

  public boolean isNamed() {
    return !fullName.isEmpty();
  }
}
