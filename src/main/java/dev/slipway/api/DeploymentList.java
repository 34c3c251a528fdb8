package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.store.DeploymentQueries;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deployments as the API lists them, newest first.
 *
 * @param next what {@code before} has to be to go on; null at the end
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeploymentList(List<Row> deployments, @Nullable Long next) {
  /** One deployment. */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(
      long id,
      String state,
      @Nullable String reason,
      String repository,
      String environment,
      String task,
      String ref,
      @Nullable String sha,
      String creator,
      int run,
      @JsonProperty("github_deployment_id") @Nullable Long githubDeploymentId,
      @JsonProperty("accepted_at") String acceptedAt) {
    static Row of(DeploymentQueries.DeploymentSummary one) {
      return new Row(
          one.id(),
          one.state(),
          one.reason(),
          one.repository(),
          one.environment(),
          one.task(),
          one.ref(),
          one.sha(),
          one.creator(),
          one.run(),
          one.githubId(),
          one.acceptedAt().toString());
    }
  }
}
