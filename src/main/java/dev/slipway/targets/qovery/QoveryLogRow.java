package dev.slipway.targets.qovery;

import dev.slipway.model.ProviderLine;
import dev.slipway.targets.LenientJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A line of Qovery's log of an environment.
 *
 * @param error what went wrong, in Qovery's words for people
 */
record QoveryLogRow(Instant at, String text, Optional<String> error) {
  /**
   * The lines about one service in one deploy, oldest first. One without a time cannot be placed
   * and is left out.
   */
  static List<QoveryLogRow> of(JsonNode rows, String serviceId, String executionId) {
    List<QoveryLogRow> ours = new ArrayList<>();
    for (JsonNode row : rows) {
      JsonNode details = row.path("details");
      boolean isOurs =
          details.path("execution_id").stringValue("").equals(executionId)
              && details.path("transmitter").path("id").stringValue("").equalsIgnoreCase(serviceId);
      Instant at = LenientJson.instant(row.path("timestamp"));
      if (isOurs && at != null) {
        of(at, row).ifPresent(ours::add);
      }
    }
    ours.sort(Comparator.comparing(QoveryLogRow::at));
    return List.copyOf(ours);
  }

  private static Optional<QoveryLogRow> of(Instant at, JsonNode row) {
    JsonNode error = row.path("error");
    Optional<String> what = LenientJson.text(error.path("user_log_message"));
    String text =
        Stream.of(
                LenientJson.text(row.path("message").path("safe_message")),
                what,
                LenientJson.text(error.path("hint_message")).map(hint -> "Hint: " + hint))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("\n"));
    return text.isEmpty() ? Optional.empty() : Optional.of(new QoveryLogRow(at, text, what));
  }

  ProviderLine line() {
    return new ProviderLine(at, text);
  }
}
