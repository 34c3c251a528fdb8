package dev.slipway.server;

import dev.slipway.api.DeploymentLinks;
import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.LogLinkConfig;
import dev.slipway.secret.CallbackKeys;
import dev.slipway.secret.SignedLogLinks;
import dev.slipway.store.Database;
import dev.slipway.store.ReceivedCallbacks;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/**
 * Makes the addresses that others are told: of log pages, of deployments in the API, and for
 * callbacks.
 */
@Factory
final class LinkFactory {
  @Singleton
  PublicAddress publicAddress(Configuration configuration) {
    return new PublicAddress(configuration.server());
  }

  /** Reads the database, and writes to it once: a new key is kept there. */
  @Singleton
  LogLinkKey logLinkKey(Configuration configuration, Database database) {
    LogLinkConfig config = configuration.logLinks();
    return LogLinkKey.of(config.secret(), config.previousSecret(), database);
  }

  @Singleton
  SignedLogLinks signedLogLinks(Configuration configuration, LogLinkKey key) {
    return configuration.logLinks().isEnabled()
        ? new SignedLogLinks(key.secret(), key.former())
        : SignedLogLinks.off();
  }

  /** Callbacks work without log links too, and share their secret. */
  @Singleton
  CallbackKeys callbackKeys(LogLinkKey key) {
    return new CallbackKeys(key.secret(), key.former());
  }

  @Singleton
  StoredCallbacks storedCallbacks(
      PublicAddress address, CallbackKeys keys, ReceivedCallbacks received) {
    return new StoredCallbacks(address::base, keys, received);
  }

  @Singleton
  LogUrls logUrls(PublicAddress address, SignedLogLinks links) {
    return new LogUrls(address::base, links);
  }

  @Singleton
  DeploymentLinks deploymentLinks(PublicAddress address, LogUrls logUrls) {
    return new DeploymentLinks(address::base, logUrls);
  }
}
