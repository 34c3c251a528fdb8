package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.control.PruneResult;
import dev.slipway.model.Deployment;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of transient environments, or would.
 *
 * @param next what {@code before} has to be to go on; null at the end
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record PruneReport(List<Row> environments, @Nullable Long next) {
  /** What became of one environment. */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(
      String host,
      String repository,
      String environment,
      @JsonProperty("deployment_id") long deploymentId,
      String outcome,
      String reason) {
    static Row of(PruneResult.Row row) {
      Deployment deployment = row.newest().deployment();
      return new Row(
          deployment.repository().host(),
          deployment.repository().fullName(),
          deployment.environment().name(),
          row.newest().id(),
          row.outcome().code(),
          row.reason());
    }
  }

  static PruneReport of(PruneResult result) {
    return new PruneReport(
        result.rows().stream().map(Row::of).toList(),
        result.next().isPresent() ? result.next().getAsLong() : null);
  }
}
