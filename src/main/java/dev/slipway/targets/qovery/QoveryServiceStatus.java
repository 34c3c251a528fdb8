package dev.slipway.targets.qovery;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The status of an application or job as Qovery tells it.
 *
 * @param requestId the request that the status is about; empty when Qovery does not say
 * @param executionId names the same deploy in the history; empty when Qovery does not say
 * @param action what Qovery did; empty when it does not say
 * @param event the event that a job of ours was to run
 */
record QoveryServiceStatus(
    String state,
    String details,
    String requestId,
    String executionId,
    Optional<Instant> lastDeployment,
    String action,
    @Nullable String event) {

  private static final Pattern KEPT = Pattern.compile("[\\x21-\\x7e]{1,100}");

  static QoveryServiceStatus of(JsonNode status, QoveryService service) {
    JsonNode details = status.path("status_details");
    return new QoveryServiceStatus(
        QoveryClient.line(status.path("state").stringValue("")),
        QoveryClient.line(details.path("status").stringValue("")),
        requestId(status),
        status.path("execution_id").stringValue(""),
        instant(status.path("last_deployment_date")),
        details.path("action").stringValue(""),
        service.forceEvent());
  }

  /** The request that an answer is about; empty when it names none, or none that can be kept. */
  static String requestId(JsonNode status) {
    String id = status.path("deployment_request_id").stringValue("");
    return KEPT.matcher(id).matches() ? id : "";
  }

  QoveryStatus status() {
    return QoveryStatus.of(state, details, event);
  }

  /** Whether it may be about a deploy of ours, and not about somebody's restart or stop. */
  boolean mayBeOurs() {
    return isOurs(action, event);
  }

  static boolean isOurs(String action, @Nullable String event) {
    return switch (action) {
      case "RESTART", "STOP", "DELETE" -> action.equals(event);
      default -> true;
    };
  }

  /** Qovery's own word, with the detail where that is what counts. */
  String phase() {
    return status() == QoveryStatus.ofState(state, event) ? state : state + " (" + details + ")";
  }

  boolean isDeployedAfter(Instant since) {
    return lastDeployment.filter(since::isBefore).isPresent();
  }

  boolean isDeployedBefore(Instant since) {
    return lastDeployment.isPresent() && !isDeployedAfter(since);
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
