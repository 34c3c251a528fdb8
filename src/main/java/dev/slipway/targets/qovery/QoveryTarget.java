package dev.slipway.targets.qovery;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Target;
import java.util.Optional;

/** What a deploy of an application and one of a job have in common: all but the request. */
abstract sealed class QoveryTarget implements Target permits QoveryApplication, QoveryJob {
  private final QoveryService subject;
  private final AttemptLimits limits;
  private final QoveryStart starter;
  private final QoveryFollower follower;
  private final QoveryLookup finder;
  private final QoveryCancel canceller;
  private final QoveryLinks links;
  private final LastLogged told = new LastLogged();

  QoveryTarget(QoveryClient api, QoveryService subject, AttemptLimits limits) {
    this.subject = subject;
    this.limits = limits;
    this.starter = new QoveryStart(api, subject);
    this.follower = new QoveryFollower(api, subject);
    this.finder = new QoveryLookup(api, subject);
    this.canceller = new QoveryCancel(api, subject);
    this.links = new QoveryLinks(api, subject);
  }

  @Override
  public final String destination() {
    return "Qovery " + subject.kind().word + " " + subject.id();
  }

  @Override
  public final AttemptLimits limits() {
    return limits;
  }

  @Override
  public final StartAnswer start(Attempt attempt, AttemptLog log) throws InterruptedException {
    return starter.start(attempt, log);
  }

  @Override
  public final PollResult poll(Attempt attempt, String id, AttemptLog log)
      throws InterruptedException {
    PollResult sighting = look(attempt, id);
    tell(attempt.deploymentId() + "/" + id, sighting, log);
    return sighting;
  }

  @Override
  public final LookupResult find(Attempt attempt, AttemptLog log) throws InterruptedException {
    Optional<QoveryVersion> version = subject.version(attempt.deployment());
    LookupResult finding;
    try {
      finding =
          version.isEmpty()
              ? new LookupResult.CannotKnow(withoutVersion())
              : finder.find(version.get(), attempt.since());
    } catch (QoveryUnavailableException e) {
      finding = new LookupResult.Unreachable(e.reason(), e.again());
    }
    log.say("Looked up: " + words(finding));
    return finding;
  }

  @Override
  public final String stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    log.say("Qovery: asking to cancel " + id);
    String outcome = canceller.cancel(QoveryDeployId.parse(id));
    log.say("Qovery: " + outcome);
    told.forget(attempt.deploymentId() + "/" + id);
    return outcome;
  }

  private PollResult look(Attempt attempt, String id) throws InterruptedException {
    Optional<QoveryVersion> version = subject.version(attempt.deployment());
    if (version.isEmpty()) {
      return new PollResult.Over(new End.Errored(withoutVersion()));
    }
    try {
      return follower.poll(QoveryDeployId.parse(id), version.get(), attempt.since());
    } catch (QoveryUnavailableException e) {
      return new PollResult.Unseen(e.reason(), e.again());
    }
  }

  private void tell(String key, PollResult sighting, AttemptLog log) throws InterruptedException {
    String line = words(sighting);
    String before = told.replace(key, line);
    if (before == null) {
      links.console().ifPresent(link -> log.say("Qovery: follow it at " + link));
    }
    if (!line.equals(before)) {
      log.say(line);
    }
    if (sighting instanceof PollResult.Over) {
      told.forget(key);
    }
  }

  private static String words(PollResult sighting) {
    return switch (sighting) {
      case PollResult.Going going -> "Qovery: " + going.phase();
      case PollResult.Over over -> over.end().reason();
      case PollResult.Unseen unseen -> "Not seen at Qovery: " + unseen.reason();
      case PollResult.NotYet _ -> "Not asked for yet at Qovery";
    };
  }

  private static String words(LookupResult finding) {
    return switch (finding) {
      case LookupResult.Found found -> found.reason() + " (" + found.id() + ")";
      case LookupResult.NotThere notThere -> notThere.reason();
      case LookupResult.Unreachable unreachable -> unreachable.reason();
      case LookupResult.CannotKnow cannotKnow -> cannotKnow.reason();
    };
  }

  /** Only a setting that changed in the middle leads here: without a version nothing is started. */
  private String withoutVersion() {
    return "The deployment names no commit, which the Qovery settings now ask for; "
        + subject.toCheck();
  }
}
