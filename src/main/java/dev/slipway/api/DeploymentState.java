package dev.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.model.End;
import dev.slipway.model.Fact;
import dev.slipway.model.RunFacts;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.StoredRun;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.annotation.SerdeableGenerated;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as the API shows it.
 *
 * @param id our own number
 * @param decision what became of the request, where this answers one
 * @param state {@code queued}, {@code running}, or how it ended: {@code succeeded} …
 * @param stopping why it is being stopped, while it still runs
 * @param githubState the state that GitHub has or is about to get
 * @param waitingForGithub how many statuses GitHub has not got yet
 * @param logUrl null when log links are off
 */
@Serdeable.Serializable
@SerdeableGenerated(skip = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeploymentState(
    long id,
    @Nullable String decision,
    String state,
    @JsonProperty("github_state") @Nullable String githubState,
    @Nullable String reason,
    @Nullable String stopping,
    @JsonProperty("environment_url") @Nullable String environmentUrl,
    @JsonProperty("github_deployment_id") @Nullable Long githubDeploymentId,
    @Nullable String sha,
    String environment,
    int run,
    @JsonProperty("waiting_for_github") long waitingForGithub,
    @JsonProperty("state_url") String stateUrl,
    @JsonProperty("log_url") @Nullable String logUrl) {

  static DeploymentState of(
      DeploymentQueries.DeploymentDetails dossier,
      DeploymentLinks links,
      @Nullable String decision) {
    StoredRun run = dossier.run();
    End end = run.end();
    return new DeploymentState(
        dossier.deployment().id(),
        decision,
        end == null ? run.state().code() : end.kind().code(),
        dossier.statuses().isEmpty() ? null : dossier.statuses().getLast().status().state().code(),
        end == null ? null : end.reason(),
        end == null ? stopping(dossier) : null,
        end == null || end.environmentUrl() == null ? null : end.environmentUrl().toString(),
        dossier.deployment().deployment().githubId(),
        dossier.deployment().deployment().sha(),
        dossier.deployment().deployment().environment().name(),
        run.number(),
        dossier.waitingForGithub(),
        links.state(dossier.deployment().id()),
        links.log(dossier.deployment()).orElse(null));
  }

  private static @Nullable String stopping(DeploymentQueries.DeploymentDetails dossier) {
    return new RunFacts(dossier.facts()).stopRequest().map(Fact.StopRequested::words).orElse(null);
  }

  static boolean isEnded(DeploymentQueries.DeploymentDetails dossier) {
    return dossier.run().state() == StoredRun.State.ENDED;
  }
}
