package dev.slipway.api;

import dev.slipway.store.StoredDeployment;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Addresses in answers.
 *
 * @param base the public address of this server, without a slash at its end
 * @param logUrl the signed address of a deployment's log page; empty when log links are off
 */
public record DeploymentLinks(
    Supplier<String> base, Function<StoredDeployment, Optional<String>> logUrl) {
  /** Where the API tells of a deployment. */
  public String state(long id) {
    return base.get() + "/api/deployments/" + id;
  }

  Optional<String> log(StoredDeployment deployment) {
    return logUrl.apply(deployment);
  }
}
