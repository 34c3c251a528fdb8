package dev.slipway.configuration;

import dev.slipway.github.GithubConfig;
import dev.slipway.http.EgressConfig;
import dev.slipway.store.PostLimits;
import dev.slipway.webhook.NamedSecret;
import java.util.List;

/**
 * One GitHub host, and everything that is its own.
 *
 * @param github how it is reached, and with which credential
 * @param webhookSecrets what it may sign deliveries with; no other host has one of them
 * @param postLimits how many statuses may be posted there
 * @param egress how calls to it leave this machine
 */
public record GithubHostConfig(
    GithubConfig github,
    List<NamedSecret> webhookSecrets,
    PostLimits postLimits,
    EgressConfig egress) {
  public GithubHostConfig {
    webhookSecrets = List.copyOf(webhookSecrets);
  }

  /** The host that people see: what deployments are identified by. */
  public String host() {
    return github.host();
  }
}
