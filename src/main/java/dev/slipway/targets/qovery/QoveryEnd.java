package dev.slipway.targets.qovery;

import dev.slipway.model.End;
import dev.slipway.model.PollResult;
import java.util.Optional;

/**
 * Turns the state of a deploy that is surely ours into a poll result. Live is a success only with
 * the right commit: Qovery merges queued requests of one token, and runs only one of their commits.
 */
final class QoveryEnd {
  private final QoveryClient client;
  private final QoveryConfig.Kind kind;
  private final QoveryMessages messages;
  private final QoveryLinks links;
  private final QoveryDeployLog deployLog;

  QoveryEnd(
      QoveryClient client,
      QoveryConfig.Kind kind,
      QoveryMessages messages,
      QoveryLinks links,
      QoveryDeployLog deployLog) {
    this.client = client;
    this.kind = kind;
    this.messages = messages;
    this.links = links;
    this.deployLog = deployLog;
  }

  /** The result of a deploy that the service's status is about. */
  PollResult of(
      QoveryStatus status, String phase, String executionId, QoveryDeploy.Criteria criteria)
      throws QoveryClient.UnavailableException, InterruptedException {
    return status == QoveryStatus.LIVE
        ? live(executionId, criteria)
        : notLive(status, phase, executionId);
  }

  /** The result of a deploy of the history, which is of this version. */
  PollResult ofDeploy(QoveryDeploy deploy, QoveryVersion version) throws InterruptedException {
    return deploy.status() == QoveryStatus.LIVE
        ? succeeded(version.describe() + " is live")
        : notLive(deploy.status(), deploy.state(), deploy.executionId());
  }

  /**
   * The result of a state that is not live.
   *
   * @param phase Qovery's own word for it
   * @param executionId of the deploy, whose log may tell why it failed; empty where it is not known
   */
  PollResult notLive(QoveryStatus status, String phase, String executionId)
      throws InterruptedException {
    return switch (status) {
      case IDLE, QUEUED -> new PollResult.Going(messages.clean(phase), QoveryWaits.QUEUED);
      case RUNNING, UNKNOWN -> new PollResult.Going(messages.clean(phase), QoveryWaits.RUNNING);
      case FAILED -> {
        String why =
            deployLog.error(executionId).map(error -> ": " + messages.clean(error)).orElse("");
        yield new PollResult.Over(
            new End.Failed(
                "Qovery: " + messages.clean(phase) + why + "; the previous version keeps running"));
      }
      // Nobody's code is at fault, so it is no failure: that would wake people for nothing
      case CANCELLED ->
          new PollResult.Over(new End.Cancelled("Cancelled at Qovery, not by Slipway"));
      case OTHER_ACTION ->
          errored(
              "Qovery: "
                  + messages.clean(phase)
                  + "; another action was run on the "
                  + kind.noun());
      case LIVE -> throw new IllegalArgumentException("live has to be proved");
    };
  }

  PollResult succeeded(String what) throws InterruptedException {
    return new PollResult.Over(
        new End.Succeeded(links.environmentUrl().orElse(null), "Deployed by Qovery: " + what));
  }

  /** The end of a deploy that went live with another version. */
  PollResult mismatch(QoveryVersion wanted, String deployed) {
    return new PollResult.Over(
        new End.Failed(
            "Qovery deployed %s instead of %s; it may have merged the request with another"
                .formatted(wanted.describe(deployed), wanted.describe())));
  }

  /** The end of a deploy whose outcome is not known. */
  PollResult errored(String what) {
    return new PollResult.Over(new End.Errored(what + "; " + messages.whereToLook()));
  }

  private PollResult live(String executionId, QoveryDeploy.Criteria criteria)
      throws QoveryClient.UnavailableException, InterruptedException {
    QoveryVersion version = criteria.version();
    Optional<String> deployed = client.service().flatMap(service -> service.deployed(version));
    if (deployed.filter(version::matches).isPresent()) {
      return succeeded(version.describe() + " is live");
    }
    Optional<QoveryHistory> history = client.history(version);
    Optional<QoveryDeploy> deploy =
        history
            .flatMap(past -> past.execution(executionId))
            .or(() -> history.flatMap(past -> past.latest(criteria)));
    if (deploy.isPresent()) {
      String ran = deploy.get().version().orElseThrow();
      return version.matches(ran) ? ofDeploy(deploy.get(), version) : mismatch(version, ran);
    }
    return deployed.isPresent() && version.reportsRunning()
        ? mismatch(version, deployed.get())
        : succeeded("it does not name the live version, so the versions were not compared");
  }
}
