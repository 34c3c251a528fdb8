package dev.slipway.model;

import java.util.List;
import java.util.Set;

/**
 * Who calls the API, and what they may do.
 *
 * @param name of the token
 * @param repositories patterns of {@code owner/name}; none stand for every repository
 */
public record Caller(String name, Set<Scope> scopes, List<String> repositories) {
  public Caller {
    scopes = Set.copyOf(scopes);
    repositories = List.copyOf(repositories);
  }

  /** Whether the token has the scope. */
  public boolean has(Scope scope) {
    return scopes.contains(Scope.ADMIN) || scopes.contains(scope);
  }

  /** Whether the token is for some repositories only. */
  public boolean isRestricted() {
    return !repositories.isEmpty();
  }

  /**
   * Whether the token is for this repository.
   *
   * @param fullName {@code owner/name}; empty for what belongs to none
   */
  public boolean reaches(String fullName) {
    return new Globs(repositories, true).take(fullName);
  }
}
