package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.intake.PullRequestPayload;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.PullRequest;
import dev.slipway.model.RunPurpose;
import dev.slipway.store.ExistingDeployment;
import dev.slipway.store.StoredRun;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transient environments that may stand, the newest first.
 *
 * @param next what {@code before} has to be to go on; null at the end
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record EnvironmentList(List<Row> environments, @Nullable Long next) {
  /**
   * One environment, by the deployment to it that joined last.
   *
   * @param state of that deployment, or {@code destroying}, or {@code not_destroyed} after a
   *     destroy chain that failed
   * @param pullRequest the number that the deployment names; null where it names none
   */
  @Serdeable.Serializable
  @SerdeableGenerated(skip = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(
      String host,
      String repository,
      String environment,
      String state,
      @JsonProperty("deployment_id") long deploymentId,
      @JsonProperty("github_deployment_id") @Nullable Long githubDeploymentId,
      String ref,
      @Nullable String sha,
      @JsonProperty("pull_request") @Nullable Long pullRequest,
      @JsonProperty("accepted_at") String acceptedAt) {
    static Row of(ExistingDeployment standing) {
      Deployment deployment = standing.deployment().deployment();
      return new Row(
          deployment.repository().host(),
          deployment.repository().fullName(),
          deployment.environment().name(),
          state(standing.run()),
          standing.deployment().id(),
          deployment.githubId(),
          deployment.ref(),
          deployment.sha(),
          PullRequestPayload.number(deployment)
              .or(() -> PullRequest.numberIn(deployment.environment()))
              .orElse(null),
          standing.deployment().acceptedAt().toString());
    }

    private static String state(StoredRun run) {
      End end = run.end();
      if (run.purpose() instanceof RunPurpose.Destroy) {
        return end == null || end instanceof End.Destroyed ? "destroying" : "not_destroyed";
      }
      return end == null ? run.state().code() : end.kind().code();
    }
  }
}
