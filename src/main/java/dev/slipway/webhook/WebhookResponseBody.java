package dev.slipway.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.model.Decision;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import org.jspecify.annotations.Nullable;

/**
 * The body of the response to a delivery, as GitHub shows it under "Recent deliveries".
 *
 * @param decision the decision's code, or null if there is none
 * @param error the code of the error that prevented a decision, or null
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
