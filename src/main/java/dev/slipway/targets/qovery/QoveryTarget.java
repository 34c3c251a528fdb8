package dev.slipway.targets.qovery;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LastLogged;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.Target;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Deploys a Qovery application, or a job by commit or by image tag, and follows it to its end. It
 * succeeds only when Qovery itself says that this commit is live. An event that the job does not
 * have is refused where Qovery shows the job's events, and never ends as success.
 */
public final class QoveryTarget implements Target {
  private final String name;
  private final QoveryService service;
  private final AttemptLimits limits;
  private final QoveryStart start;
  private final QoveryFollower follower;
  private final QoveryLookup lookup;
  private final QoveryCancel canceller;
  private final QoveryLinks links;
  private final LastLogged lastLogged = new LastLogged();

  public QoveryTarget(String name, QoveryConfig config, ProviderCalls calls, InstantSource clock) {
    QoveryClient client = new QoveryClient(config.account(), calls, clock);
    this.name = name;
    this.service = QoveryService.of(config);
    this.limits = config.limits();
    this.start = new QoveryStart(client, service);
    this.follower = new QoveryFollower(client, service);
    this.lookup = new QoveryLookup(client, service);
    this.canceller = new QoveryCancel(client, service);
    this.links = new QoveryLinks(client, service);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String destination() {
    return "Qovery " + service.kind().word() + " " + service.id();
  }

  @Override
  public AttemptLimits limits() {
    return limits;
  }

  @Override
  public PreparedStart prepare(Attempt attempt) {
    return start.prepare(attempt);
  }

  @Override
  public PreparedStart precheck(Attempt attempt) throws InterruptedException {
    return start.precheck(attempt);
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    PollResult result = look(attempt, id);
    tell(attempt.deploymentId() + "/" + id, result, log);
    return result;
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    Optional<QoveryVersion> version = service.version(attempt.deployment());
    LookupResult result;
    try {
      result =
          version.isEmpty()
              ? new LookupResult.CannotKnow(withoutVersion())
              : lookup.lookUp(version.get(), attempt.since());
    } catch (QoveryUnavailableException e) {
      result = new LookupResult.Unreachable(e.reason(), e.again());
    }
    log.log("Looked up: " + words(result));
    return result;
  }

  @Override
  public String stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    log.log("Qovery: asking to cancel " + id);
    String outcome = canceller.cancel(QoveryDeployId.parse(id));
    log.log("Qovery: " + outcome);
    lastLogged.forget(attempt.deploymentId() + "/" + id);
    return outcome;
  }

  private PollResult look(Attempt attempt, String id) throws InterruptedException {
    Optional<QoveryVersion> version = service.version(attempt.deployment());
    if (version.isEmpty()) {
      return new PollResult.Over(new End.Errored(withoutVersion()));
    }
    try {
      return follower.poll(QoveryDeployId.parse(id), version.get(), attempt.since());
    } catch (QoveryUnavailableException e) {
      return new PollResult.Unseen(e.reason(), e.again());
    }
  }

  private void tell(String key, PollResult result, AttemptLog log) throws InterruptedException {
    String line = words(result);
    String before = lastLogged.replace(key, line);
    if (before == null) {
      links.console().ifPresent(link -> log.log("Qovery: follow it at " + link));
    }
    if (!line.equals(before)) {
      log.log(line);
    }
    if (result instanceof PollResult.Over) {
      lastLogged.forget(key);
    }
  }

  private static String words(PollResult result) {
    return switch (result) {
      case PollResult.Going going -> "Qovery: " + going.phase();
      case PollResult.Over over -> over.end().reason();
      case PollResult.Unseen unseen -> "Not seen at Qovery: " + unseen.reason();
      case PollResult.NotYet _ -> "Not asked for yet at Qovery";
    };
  }

  private static String words(LookupResult result) {
    return switch (result) {
      case LookupResult.Found found -> found.reason() + " (" + found.id() + ")";
      case LookupResult.NotThere notThere -> notThere.reason();
      case LookupResult.Unreachable unreachable -> unreachable.reason();
      case LookupResult.CannotKnow cannotKnow -> cannotKnow.reason();
    };
  }

  /** Only a setting that changed in the middle leads here: without a version nothing is started. */
  private String withoutVersion() {
    return "The deployment names no commit, which the Qovery settings now ask for; "
        + service.toCheck();
  }
}
