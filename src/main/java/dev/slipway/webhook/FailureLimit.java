package dev.slipway.webhook;

import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import java.net.InetSocketAddress;

/**
 * Counts deliveries that were refused, and has a peer with too many bad signatures wait. A good
 * signature always passes, however many others fail from the same address.
 */
final class FailureLimit {
  private final Refusals refusals;

  FailureLimit(Refusals refusals) {
    this.refusals = refusals;
  }

  /** Counts the response if it is a refusal; the result is what to answer. */
  WebhookResponse count(WebhookResponse response, InetSocketAddress peer) {
    String error = response.body().error();
    boolean isTooOften =
        error != null
            && Refusal.of("webhook", error)
                .filter(refusal -> refusals.count(refusal, peer))
                .isPresent();
    return isTooOften ? WebhookResponse.tooManyFailures() : response;
  }
}
