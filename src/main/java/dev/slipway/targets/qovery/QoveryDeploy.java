package dev.slipway.targets.qovery;

import dev.slipway.model.CleanText;
import dev.slipway.targets.LenientJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A deploy as Qovery's history describes it.
 *
 * @param version the commit or tag that was deployed, whichever we deploy by
 * @param event the forced event of our job
 */
record QoveryDeploy(
    String executionId,
    String state,
    String details,
    Optional<String> version,
    Optional<Instant> created,
    @Nullable String event) {
  /**
   * The criteria by which a deploy of ours is recognised, besides its id.
   *
   * @param asked when we asked for it, by our clock
   * @param since the same instant by Qovery's clock: nothing older is ours
   */
  record Criteria(QoveryVersion version, Instant asked, Instant since) {
    boolean isYoungerThan(Duration age, Instant now) {
      return Duration.between(asked, now).compareTo(age) < 0;
    }
  }

  static QoveryDeploy from(JsonNode json, QoveryVersion wanted, @Nullable String event) {
    JsonNode details = json.path("status_details");
    return new QoveryDeploy(
        json.path("identifier").path("execution_id").stringValue(""),
        CleanText.line(json.path("status").stringValue("")),
        CleanText.line(details.path("status").stringValue("")),
        wanted.inHistory(json.path("details")),
        Optional.ofNullable(LenientJson.instant(json.path("auditing_data").path("created_at"))),
        event);
  }

  QoveryStatus status() {
    return QoveryStatus.of(state, details, event);
  }
}
