package dev.slipway.webhook;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The headers of a delivery.
 *
 * @param signatures all of them, as a second one would be an attack
 * @param event {@code X-GitHub-Event}; empty unless it came exactly once
 * @param guid {@code X-GitHub-Delivery}; likewise
 * @param hook the webhook's number; empty unless it came exactly once and is well-formed
 * @param host the GitHub Enterprise host, if one is named
 * @param format empty when the media type or an encoding is not supported
 * @param exposesSecret whether a proxy sent the webhook's secret along
 */
record DeliveryHeaders(
    List<String> signatures,
    String event,
    String guid,
    String hook,
    Optional<String> host,
    Optional<PayloadFormat> format,
    OptionalLong contentLength,
    boolean exposesSecret,
    InetSocketAddress peer) {
  private static final Pattern TOKEN = Pattern.compile("[\\w.-]{1,100}");

  /** Names of ours for what came in another way: whoever signs must not take one of another's. */
  private static final Pattern OURS = Pattern.compile("(reconcile|order|retry)-.*");

  DeliveryHeaders {
    signatures = List.copyOf(signatures);
    hook = TOKEN.matcher(hook).matches() ? hook : "";
  }

  /** The response if the headers alone are reason enough not to read the body. */
  Optional<WebhookResponse> problem() {
    if (contentLength.orElse(0) > BodyReceiver.LARGEST) {
      return Optional.of(WebhookResponse.tooLarge());
    }
    if (signatures.isEmpty()) {
      return Optional.of(WebhookResponse.signatureMissing());
    }
    if (signatures.size() > 1 || !SignatureVerifier.isWellFormed(signatures.getFirst())) {
      return Optional.of(WebhookResponse.signatureMalformed());
    }
    return format.isEmpty()
        ? Optional.of(WebhookResponse.unsupportedMediaType())
        : Optional.empty();
  }

  /** Whether event and GUID are there and look as GitHub's do. */
  boolean isWellFormed() {
    return TOKEN.matcher(event).matches()
        && TOKEN.matcher(guid).matches()
        && !OURS.matcher(guid).matches();
  }
}
