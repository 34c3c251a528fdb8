package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.store.Notifications;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notification as the API shows it.
 *
 * @param id our own number
 * @param webhookId what the receiver got as {@code webhook-id}
 * @param webhook the name of the outgoing webhook
 * @param deploymentId our own number of the deployment
 * @param repository of the deployment; may be empty
 * @param outcome the code of whether it waits, was taken by the receiver, or was given up
 * @param nextAt when it is sent next; null when it does not wait, or waits for one before it
 * @param problem what came of the last try, if that failed
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record NotificationState(
    long id,
    @JsonProperty("webhook_id") String webhookId,
    String webhook,
    @JsonProperty("deployment_id") long deploymentId,
    String repository,
    String event,
    String outcome,
    @JsonProperty("created_at") String createdAt,
    @JsonProperty("failed_tries") int failedTries,
    @JsonProperty("next_at") @Nullable String nextAt,
    @JsonProperty("delivered_at") @Nullable String deliveredAt,
    @JsonProperty("given_up_at") @Nullable String givenUpAt,
    @Nullable String problem) {

  static NotificationState of(Notifications.Report report) {
    return new NotificationState(
        report.id(),
        report.eventId(),
        report.webhook(),
        report.deploymentId(),
        report.repository(),
        "deployment." + report.state().code(),
        report.outcome().code(),
        report.createdAt().toString(),
        report.failures(),
        text(report.nextAt()),
        text(report.deliveredAt()),
        text(report.givenUpAt()),
        report.problem());
  }

  private static @Nullable String text(@Nullable Instant at) {
    return at == null ? null : at.toString();
  }
}
