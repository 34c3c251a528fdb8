package dev.slipway.notification;

import dev.slipway.model.WebhookSubscription;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where notifications are sent, and which.
 *
 * @param url a secret as a whole: whoever knows the address of a Slack webhook may write there
 * @param secret signs the requests; null for a receiver that looks at no signature
 * @param hasLogUrl whether the receiver is told the signed addresses of log pages
 * @param subscription which statuses, and the webhook's name
 */
public record OutgoingWebhook(
    Secret url,
    @Nullable Secret secret,
    NotificationFormat format,
    boolean hasLogUrl,
    WebhookSubscription subscription) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int SHORTEST_PART = 20;

  /** The name that the operator gave it. */
  public String name() {
    return subscription.webhook();
  }

  URI uri() {
    return URI.create(url.reveal());
  }

  /**
   * Whether notifications may be sent to this address: https, or http to this machine, with a host
   * and neither user nor fragment.
   */
  public static boolean isUsable(Secret url) {
    try {
      URI uri = new URI(url.reveal());
      return uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && ("https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost())));
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  /**
   * The parts of a usable address that are as secret as the whole: its path and its query, unless
   * they are so short that everyday words would be hidden with them.
   */
  public static List<String> secretParts(Secret url) {
    URI uri = URI.create(url.reveal());
    return Stream.of(uri.getRawPath(), uri.getRawQuery())
        .filter(part -> part != null && part.length() >= SHORTEST_PART)
        .toList();
  }

  @Override
  public String toString() {
    return "OutgoingWebhook[" + name() + "]";
  }
}
