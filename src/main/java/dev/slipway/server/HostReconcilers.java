package dev.slipway.server;

import dev.slipway.reconcile.Reconciler;
import java.util.List;

/**
 * What asks each GitHub host for deployments that it could not deliver.
 *
 * @param all in the order of the configuration
 */
record HostReconcilers(List<Reconciler> all) {
  HostReconcilers {
    all = List.copyOf(all);
  }
}
