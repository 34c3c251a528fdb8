package dev.slipway.model;

/**
 * A repository on one GitHub host.
 *
 * @param host {@code github.com}, a GitHub Enterprise Server's host name, or {@code TENANT.ghe.com}
 * @param id GitHub's number for it, which outlives renames; 0 where only the name is known
 * @param fullName {@code owner/name} as GitHub spelled it when it told us
 */
public record Repository(String host, long id, String fullName) {
  /** Stands for a deploy that was asked for without naming a repository. */
  public static final Repository NONE = new Repository("local", 0, "");

  public boolean isNamed() {
    return !fullName.isEmpty();
  }
}
