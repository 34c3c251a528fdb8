package dev.slipway.setup;

import dev.slipway.github.AppRegistration;
import java.util.List;
import java.util.NoSuchElementException;

/** Registers GitHub Apps at each of the configured GitHub hosts. */
public final class AppRegistrations {
  private final List<AppRegistration> all;

  /**
   * @param all one for each host
   */
  public AppRegistrations(List<AppRegistration> all) {
    this.all = List.copyOf(all);
  }

  /**
   * The registration at a host.
   *
   * @throws NoSuchElementException when the configuration does not have the host
   */
  AppRegistration of(String host) {
    return all.stream()
        .filter(registration -> registration.host().equals(host))
        .findFirst()
        .orElseThrow();
  }
}
