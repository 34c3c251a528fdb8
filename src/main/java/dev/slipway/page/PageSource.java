package dev.slipway.page;

import dev.slipway.model.MissedDeliveries;
import dev.slipway.runlog.RunLog;
import dev.slipway.store.CommitNotifier;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Logs;
import dev.slipway.store.ReconcileState;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the content of an open page, and says when to read it again. */
@Singleton
final class PageSource {
  private static final int PIECE = 64 * 1024;

  private final DeploymentQueries deployments;
  private final RunLog log;
  private final ReconcileState reconcile;
  private final CommitNotifier commits;
  private final JsonMapper json;

  PageSource(
      DeploymentQueries deployments,
      RunLog log,
      ReconcileState reconcile,
      CommitNotifier commits,
      JsonMapper json) {
    this.deployments = deployments;
    this.log = log;
    this.reconcile = reconcile;
    this.commits = commits;
    this.json = json;
  }

  /** Wakes its holder after each commit that changes the deployment. */
  CommitNotifier.Subscription subscribe(long deploymentId) {
    return commits.subscribe(CommitNotifier.deployment(deploymentId));
  }

  /** Whether the links of this generation have not been revoked. */
  boolean hasLinks(long deploymentId, int generation) {
    return deployments.hasLinks(deploymentId, generation);
  }

  Optional<DeploymentQueries.DeploymentDetails> details(long deploymentId) {
    return deployments.find(deploymentId);
  }

  /** What the deployment's own host did not deliver. */
  MissedDeliveries missedDeliveries(DeploymentQueries.DeploymentDetails details) {
    return reconcile.missedDeliveries(details.deployment().deployment().repository().host());
  }

  String fingerprint(DeploymentQueries.DeploymentDetails details) {
    return Fingerprint.of(details, missedDeliveries(details));
  }

  /** The next piece of the log. */
  Logs.Piece read(long deploymentId, long from) {
    return log.read(deploymentId, from, PIECE);
  }

  /** The lines of a piece of the log, as the page's script reads them. */
  String json(Logs.Piece piece) {
    try {
      return new String(json.writeValueAsBytes(LogLine.of(piece.text())), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
