package dev.slipway.server;

import dev.slipway.secret.SignedLogLinks;
import dev.slipway.store.StoredDeployment;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The {@code log_url} of deployments: the public address and the signed path. Empty when log links
 * are off.
 */
record LogUrls(Supplier<String> base, SignedLogLinks links)
    implements Function<StoredDeployment, Optional<String>> {
  @Override
  public Optional<String> apply(StoredDeployment deployment) {
    return links
        .path(deployment.id(), deployment.linkGeneration(), deployment.linkExpiresAt())
        .map(path -> base.get() + path);
  }
}
