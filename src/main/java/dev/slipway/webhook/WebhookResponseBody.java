package dev.slipway.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.model.Decision;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a delivery, as it shows in GitHub's list of recent deliveries.
 *
 * @param decision the decision's code, or null when the delivery did not get as far as one
 * @param error what stopped it, or null
 * @param deployment our number of the deployment, where there is one
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record WebhookResponseBody(
    @Nullable String decision, @Nullable String error, String reason, @Nullable Long deployment) {
  static WebhookResponseBody of(Decision decision) {
    return new WebhookResponseBody(
        decision.kind().code(),
        null,
        decision.reason(),
        decision instanceof Decision.OfDeployment known ? known.deploymentId() : null);
  }

  static WebhookResponseBody error(String error, String reason) {
    return new WebhookResponseBody(null, error, reason, null);
  }
}
