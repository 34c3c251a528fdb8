package dev.slipway.github;

import java.util.List;
import java.util.Optional;

/**
 * The GitHub hosts that are configured. Each is called with its own credential and in its own way,
 * and nothing of one is known to another.
 */
public final class GithubHosts {
  private final List<Github> all;

  /**
   * @param all with different names; the first is meant where none is named
   */
  public GithubHosts(List<Github> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("without a GitHub host nothing can be deployed");
    }
    this.all = List.copyOf(all);
  }

  /** One host alone. */
  public static GithubHosts of(Github only) {
    return new GithubHosts(List.of(only));
  }

  /** The host that is meant where none is named. */
  public Github first() {
    return all.getFirst();
  }

  /** The host with this name; empty where the configuration does not have it. */
  public Optional<Github> find(String host) {
    return all.stream().filter(github -> github.host().equalsIgnoreCase(host)).findFirst();
  }

  /** All hosts, in the order of the configuration. */
  public List<Github> all() {
    return all;
  }
}
