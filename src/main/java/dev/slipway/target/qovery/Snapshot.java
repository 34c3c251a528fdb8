package dev.slipway.target.qovery;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The status of an application or job as Qovery tells it.
 *
 * @param requestId the request that the status is about; empty when Qovery does not say
 * @param executionId names the same deploy in the history; empty when Qovery does not say
 */
record Snapshot(
    String state,
    String details,
    String requestId,
    String executionId,
    Optional<Instant> lastDeployment) {

  static Snapshot of(JsonNode status) {
    return new Snapshot(
        status.path("state").stringValue(""),
        status.path("status_details").path("status").stringValue(""),
        status.path("deployment_request_id").stringValue(""),
        status.path("execution_id").stringValue(""),
        instant(status.path("last_deployment_date")));
  }

  Outlook outlook() {
    return Outlook.of(state, details);
  }

  /** Qovery's own word, with the detail where that is what counts. */
  String word() {
    return outlook() == Outlook.ofState(state) ? state : state + " (" + details + ")";
  }

  boolean isSince(Instant since) {
    return lastDeployment.filter(since::isBefore).isPresent();
  }

  boolean isBefore(Instant since) {
    return lastDeployment.isPresent() && !isSince(since);
  }

  static Optional<Instant> instant(JsonNode node) {
    return node.stringValueOpt()
        .flatMap(
            text -> {
              try {
                return Optional.of(Instant.parse(text));
              } catch (DateTimeException malformed) {
                return Optional.empty();
              }
            });
  }
}
