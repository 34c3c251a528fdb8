package dev.slipway.server;

import dev.slipway.report.DeploymentDeleter;
import java.util.List;

/**
 * What deletes at each GitHub host the deployments of environments that were destroyed.
 *
 * @param all in the order of the configuration
 */
record HostDeleters(List<DeploymentDeleter> all) {
  HostDeleters {
    all = List.copyOf(all);
  }
}
