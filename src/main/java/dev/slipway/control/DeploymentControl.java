package dev.slipway.control;

import dev.slipway.intake.Intake;
import dev.slipway.model.Actor;
import dev.slipway.model.AuditEntry;
import dev.slipway.model.Decision;
import dev.slipway.secret.Redactor;
import dev.slipway.store.CancelResult;
import dev.slipway.store.ChatOpsAct;
import dev.slipway.store.DeploymentQueries;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels deployments and runs them again for whoever may. What is said about it goes to statuses
 * on GitHub, so secrets are taken out of it before it is kept.
 */
public final class DeploymentControl {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentControl.class);

  private final Intake intake;
  private final DeploymentQueries deployments;
  private final Redactor redactor;
  private final InstantSource clock;

  public DeploymentControl(
      Intake intake, DeploymentQueries deployments, Redactor redactor, InstantSource clock) {
    this.intake = intake;
    this.deployments = deployments;
    this.redactor = redactor;
    this.clock = clock;
  }

  /**
   * Ends a deployment that waits, and requests that one stops that runs. What was done is on disk
   * when this returns.
   *
   * @return what came of it; empty when there is no such deployment
   */
  public Optional<CancelResult> cancel(long id, Actor actor, String reason) {
    Optional<CancelResult> result = intake.cancel(id, redacted(actor), redacted(reason));
    result
        .filter(CancelResult::hasEffect)
        .ifPresent(_ -> LOG.info("Deployment {} is cancelled by {}", id, actor.name()));
    return result;
  }

  /**
   * The same for a ChatOps task, which is known to have done it from then on.
   *
   * @see #cancel(long, Actor, String)
   */
  Optional<CancelResult> cancel(long id, Actor actor, String reason, ChatOpsAct act) {
    return intake.cancel(id, redacted(actor), redacted(reason), act);
  }

  /**
   * Runs a deployment once more that did not succeed, with the commit that it had, by the rules of
   * a redelivery. What was done is on disk when this returns.
   *
   * @return {@link Decision.Retried}, or why not; empty when there is no such deployment
   */
  public Optional<Decision> retry(long id, Actor actor, String reason) {
    return intake.retry(id, redacted(actor), redacted(reason));
  }

  /**
   * The same for a ChatOps task, which is known to have done it from then on.
   *
   * @see #retry(long, Actor, String)
   */
  Optional<Decision> retry(long id, Actor actor, String reason, ChatOpsAct act) {
    return intake.retry(id, redacted(actor), redacted(reason), act);
  }

  /**
   * Makes all links to the log page of a deployment stop working.
   *
   * @return whether there is such a deployment
   */
  public boolean revokeLinks(DeploymentQueries.DeploymentDetails details, Actor actor) {
    return deployments.revokeLinks(
        details.deployment().id(),
        AuditEntry.of(
            clock.instant(),
            redacted(actor),
            AuditEntry.Action.REVOKE_LINKS,
            details.deployment().id(),
            details.deployment().deployment(),
            ""));
  }

  private Actor redacted(Actor actor) {
    return new Actor(redacted(actor.name()), actor.via());
  }

  private String redacted(String text) {
    return redactor.redact(text).text();
  }
}
