package dev.slipway.api;

import dev.slipway.store.StoredDeployment;
import java.util.function.Function;

/**
 * Addresses in answers.
 *
 * @param base the public address of this server, without a slash at its end
 * @param logUrl the signed address of a deployment's log page
 */
public record Links(String base, Function<StoredDeployment, String> logUrl) {
  String state(long id) {
    return base + "/api/deployments/" + id;
  }

  String log(StoredDeployment deployment) {
    return logUrl.apply(deployment);
  }
}
