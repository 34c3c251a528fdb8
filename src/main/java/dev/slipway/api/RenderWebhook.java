package dev.slipway.api;

import dev.slipway.secret.Secret;
import dev.slipway.secret.WebhookSigner;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decides about what Render's webhooks send, by the rules of Standard Webhooks. What they say is
 * never believed, but for the service that it is about.
 */
public final class RenderWebhook {
  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Optional<WebhookSigner> signer;
  private final UnaryOperator<String> destination;

  /**
   * @param secret null when no webhook is expected
   * @param destination names what deploys of a service lead to
   */
  public RenderWebhook(@Nullable Secret secret, UnaryOperator<String> destination) {
    this.signer = Optional.ofNullable(secret).map(WebhookSigner::new);
    this.destination = destination;
  }

  /** What came of a request. */
  enum Outcome {
    GOOD,
    CLOSED,
    WRONG,
    STALE
  }

  /** The headers of a request; missing ones are empty. */
  record Headers(String id, String timestamp, String signatures) {}

  /** Whether the request is Render's, and of now. */
  Outcome verify(Headers headers, String body, Instant now) {
    if (signer.isEmpty()) {
      return Outcome.CLOSED;
    }
    Optional<Instant> at = instant(headers.timestamp());
    if (headers.id().isEmpty()
        || at.isEmpty()
        || !signer.get().matches(headers.signatures(), headers.id(), at.get(), body)) {
      return Outcome.WRONG;
    }
    return Duration.between(at.get(), now).abs().compareTo(FRESH) > 0
        ? Outcome.STALE
        : Outcome.GOOD;
  }

  private static Optional<Instant> instant(String epochSeconds) {
    try {
      return epochSeconds.matches("\\d{1,12}")
          ? Optional.of(Instant.ofEpochSecond(Long.parseLong(epochSeconds)))
          : Optional.empty();
    } catch (DateTimeException tooLate) {
      return Optional.empty();
    }
  }

  /** Where deploys of the service lead to that a request is about; empty when it names none. */
  Optional<String> destination(String body) {
    try {
      String service = JSON.readTree(body).path("data").path("serviceId").asString("");
      return service.matches("[a-z]{3}-[a-z0-9]{1,60}")
          ? Optional.of(destination.apply(service))
          : Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }
}
