package dev.slipway.targets.qovery;

import dev.slipway.model.CleanText;
import dev.slipway.targets.LenientJson;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The current status of a service. Right after a request it is still about the deploy before.
 *
 * @param requestId the request that the status is about; empty when Qovery does not name it
 * @param executionId the id of the same deploy in the history; empty when Qovery does not name it
 * @param action the kind of action, such as {@code DEPLOY}; empty when Qovery does not name it
 * @param event the forced event of our job
 */
record QoveryServiceStatus(
    String state,
    String details,
    String requestId,
    String executionId,
    Optional<Instant> lastDeployment,
    String action,
    @Nullable String event) {

  private static final Pattern STORABLE = Pattern.compile("[\\x21-\\x7e]{1,100}");

  static QoveryServiceStatus from(JsonNode status, @Nullable String event) {
    JsonNode details = status.path("status_details");
    return new QoveryServiceStatus(
        CleanText.line(status.path("state").stringValue("")),
        CleanText.line(details.path("status").stringValue("")),
        requestId(status),
        status.path("execution_id").stringValue(""),
        Optional.ofNullable(LenientJson.instant(status.path("last_deployment_date"))),
        details.path("action").stringValue(""),
        event);
  }

  /** The request that an answer is about; empty when it names none, or one that is unsafe. */
  static String requestId(JsonNode status) {
    String id = status.path("deployment_request_id").stringValue("");
    return STORABLE.matcher(id).matches() ? id : "";
  }

  QoveryStatus status() {
    return QoveryStatus.of(state, details, event);
  }

  /** False when it is about a restart, stop or delete that is not ours. */
  boolean mayBeOurs() {
    return isOurs(action, event);
  }

  static boolean isOurs(String action, @Nullable String event) {
    return switch (action) {
      case "RESTART", "STOP", "DELETE" -> action.equals(event);
      default -> true;
    };
  }

  /** Qovery's own word for the state, with the detail where the detail decides. */
  String phase() {
    return status() == QoveryStatus.ofState(state, event) ? state : state + " (" + details + ")";
  }

  boolean isDeployedAfter(Instant since) {
    return lastDeployment.filter(since::isBefore).isPresent();
  }

  boolean isDeployedBefore(Instant since) {
    return lastDeployment.isPresent() && !isDeployedAfter(since);
  }
}
