package dev.slipway.app;

import dev.slipway.secret.LogLinks;
import dev.slipway.store.StoredDeployment;
import java.util.function.Function;
import java.util.function.Supplier;

/** The {@code log_url} of deployments: the public address and the signed path. */
record LogUrls(Supplier<String> base, LogLinks links)
    implements Function<StoredDeployment, String> {
  @Override
  public String apply(StoredDeployment deployment) {
    return base.get() + links.path(deployment.id(), deployment.linkExpiresAt());
  }
}
