package dev.slipway.server;

import dev.slipway.configuration.ServerConfig;
import dev.slipway.http.BaseUrl;

/**
 * The public address of this server, without a slash at its end. Where no setting names it, it is
 * this machine and the port that the server listens on.
 */
final class PublicAddress {
  private final ServerConfig config;
  // Any free one may be asked for, so it is known once the server listens
  private volatile int port = -1;

  PublicAddress(ServerConfig config) {
    this.config = config;
  }

  void listensOn(int actual) {
    port = actual;
  }

  String base() {
    return config.isPublicUrlDefault()
        ? "http://localhost:" + port
        : BaseUrl.of(config.publicUrl()).toString();
  }
}
