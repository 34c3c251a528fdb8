package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.store.AuditLog;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit as the API lists it, newest first.
 *
 * @param next what {@code before} has to be to go on; null at the end
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record AuditList(List<Row> audit, @Nullable Long next) {
  /** One act. */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(
      long id,
      String at,
      String actor,
      String via,
      String action,
      @JsonProperty("deployment_id") @Nullable Long deploymentId,
      String repository,
      String subject,
      String reason) {
    static Row of(AuditLog.Row row) {
      return new Row(
          row.id(),
          row.at().toString(),
          row.actor(),
          row.via(),
          row.action(),
          row.deploymentId(),
          row.repository(),
          row.subject(),
          row.reason());
    }
  }
}
