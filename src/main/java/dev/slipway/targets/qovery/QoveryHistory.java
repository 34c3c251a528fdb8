package dev.slipway.targets.qovery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The last deploys of an application or job. Knows commits, but no request ids. */
record QoveryHistory(List<Entry> entries) {
  /**
   * @param version the commit or tag that was deployed, whichever is asked about
   * @param event the event that a job of ours was to run
   */
  record Entry(
      String executionId,
      String state,
      String details,
      Optional<String> version,
      Optional<Instant> created,
      @Nullable String event) {
    QoveryStatus status() {
      return QoveryStatus.of(state, details, event);
    }
  }

  /** The deploys, without what was a restart or a stop. */
  static QoveryHistory of(JsonNode json, QoveryVersion wanted, QoveryService service) {
    List<Entry> entries = new ArrayList<>();
    String event = service.forceEvent();
    for (JsonNode result : json.path("results")) {
      JsonNode details = result.path("status_details");
      if (!QoveryServiceStatus.isOurs(details.path("action").stringValue(""), event)) {
        continue;
      }
      entries.add(
          new Entry(
              result.path("identifier").path("execution_id").stringValue(""),
              QoveryClient.line(result.path("status").stringValue("")),
              QoveryClient.line(details.path("status").stringValue("")),
              wanted.inHistory(result.path("details")),
              QoveryServiceStatus.instant(result.path("auditing_data").path("created_at")),
              event));
    }
    return new QoveryHistory(List.copyOf(entries));
  }

  /** The newest deploy of this version that was asked for after {@code since}. */
  Optional<Entry> latest(QoveryVersion version, Instant since) {
    return entries.stream()
        .filter(entry -> entry.version().filter(version::matches).isPresent())
        .filter(entry -> entry.created().filter(since::isBefore).isPresent())
        .max(Comparator.comparing(entry -> entry.created().orElse(Instant.MIN)));
  }

  /** The deploy with this execution id, provided that it says what it deployed. */
  Optional<Entry> execution(String executionId) {
    return entries.stream()
        .filter(entry -> !executionId.isEmpty() && entry.executionId().equals(executionId))
        .filter(entry -> entry.version().isPresent())
        .findFirst();
  }
}
