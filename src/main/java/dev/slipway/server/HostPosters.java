package dev.slipway.server;

import dev.slipway.report.Posters;
import dev.slipway.report.Reporter;
import dev.slipway.store.Outbox;
import java.util.List;

/**
 * What posts statuses to each GitHub host.
 *
 * @param all in the order of the configuration
 */
record HostPosters(List<OfHost> all) {
  HostPosters {
    all = List.copyOf(all);
  }

  /**
   * What posts to one host.
   *
   * @param posts whether there is a credential to post with
   */
  record OfHost(Outbox outbox, Reporter reporter, Posters posters, boolean posts) {
    String host() {
      return outbox.host();
    }
  }
}
