package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import dev.slipway.intake.Intake;
import dev.slipway.model.Decision;
import dev.slipway.model.Deployment;
import dev.slipway.model.Repository;
import dev.slipway.store.ReconcileState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Passes recovered events to the intake, unless somebody else has started the deployment. */
final class RecoveryDecider {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryDecider.class);

  private final ReadBudget budget;
  private final Intake intake;
  private final ReconcileState state;
  private final ReconcilePolicy policy;
  private final InstantSource clock;

  RecoveryDecider(
      ReadBudget budget,
      Intake intake,
      ReconcileState state,
      ReconcilePolicy policy,
      InstantSource clock) {
    this.budget = budget;
    this.intake = intake;
    this.state = state;
    this.policy = policy;
    this.clock = clock;
  }

  /** The result for one recovered event. */
  enum Result {
    /** It is decided about, or gone; nothing is left to do. */
    SETTLED,
    /** It has to be checked again. */
    PENDING,
    /** GitHub accepts no more calls at the moment. */
    UNAVAILABLE
  }

  ReconcilePolicy policy() {
    return policy;
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Decides about a failed delivery. A decision from GitHub's list of deployments stays, and what
   * is too old or was never ours is not started.
   *
   * @param since nothing older of the repository was ever ours
   */
  Result decideFailedDelivery(Repository repository, Instant since, RecoveredEvent found)
      throws InterruptedException {
    Optional<Deployment> wanted = intake.candidate(found.host(), found.bytes(), now());
    Long id = wanted.map(Deployment::githubId).orElse(null);
    if (wanted.isEmpty() || id == null) {
      return recover(found);
    }
    Instant madeAt = wanted.get().createdAt();
    if (!madeAt.isAfter(now().minus(policy.maxAge())) || !ReconcilePolicy.isOurs(madeAt, since)) {
      return recordForeign(found, "it was made too long ago to be started now");
    }
    if (state.provenance(repository.host(), id, found.guid())
        == ReconcileState.Provenance.DELIVERED) {
      return recover(found);
    }
    return switch (state.provenance(
        repository.host(), id, RecoveredEvent.guid(repository.host(), id))) {
      case DELIVERED -> recover(found);
      case REJECTED -> recordForeign(found, "it was delivered before, and not taken");
      case RECOVERED ->
          recordForeign(found, "it was recovered from GitHub's list of deployments before");
      case UNKNOWN -> decide(repository, id, found);
    };
  }

  /** A status shows that somebody has started the deployment; without one, nobody has. */
  Result decide(Repository repository, long id, RecoveredEvent found) throws InterruptedException {
    ReadResult result =
        budget.read(repository, "deployments/" + id + "/statuses?per_page=30", Optional.empty());
    return switch (result) {
      case ReadResult.Page(JsonNode statuses, _, _) when statuses.isArray() ->
          statuses.isEmpty() ? recover(found) : recordForeign(found, foreignReason(statuses));
      case ReadResult.Page _, ReadResult.Unchanged _, ReadResult.TooLarge _ -> Result.PENDING;
      case ReadResult.Hidden _ -> {
        LOG.debug("Deployment {} is gone", id);
        yield Result.SETTLED;
      }
      case ReadResult.RetryLater later -> later.forAll() ? Result.UNAVAILABLE : Result.PENDING;
    };
  }

  /** Passes it to the intake, which decides. */
  Result recover(RecoveredEvent found) {
    Decision decision = intake.recover(found.host(), found.delivery(now()), found.bytes());
    LOG.info(
        "Recovered {}, which was not delivered: {}, {}",
        found.guid(),
        decision.kind().code(),
        decision.reason());
    return Result.SETTLED;
  }

  private Result recordForeign(RecoveredEvent found, String reason) {
    Decision decision = intake.recordForeign(found.delivery(now()), reason);
    LOG.info("{} is not started: {}", found.guid(), decision.reason());
    return Result.SETTLED;
  }

  private String foreignReason(JsonNode statuses) {
    String base = policy.publicBase().get() + "/";
    boolean isOurs =
        StreamSupport.stream(statuses.spliterator(), false)
            .anyMatch(status -> status.path("log_url").asString("").startsWith(base));
    return isOurs
        ? "it has a status of this Slipway, whose database does not know it"
        : "somebody else has posted a status for it";
  }
}
