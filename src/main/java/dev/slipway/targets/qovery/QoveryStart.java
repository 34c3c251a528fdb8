package dev.slipway.targets.qovery;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AttemptLog;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Asks Qovery for a deploy and judges the answer. */
final class QoveryStart {
  /** A 400 with which Qovery means that it is busy. */
  private static final Pattern IN_PROGRESS =
      Pattern.compile(
          "\\b(in progress|on-?going|already (running|deploying|queued|building|being))\\b",
          Pattern.CASE_INSENSITIVE);

  private final QoveryClient api;
  private final QoveryService subject;
  private final JobCheck jobCheck;

  QoveryStart(QoveryClient api, QoveryService subject) {
    this.api = api;
    this.subject = subject;
    this.jobCheck = new JobCheck(api, subject);
  }

  StartAnswer start(Attempt attempt, AttemptLog log) throws InterruptedException {
    Optional<QoveryVersion> version = subject.version(attempt.deployment());
    if (version.isEmpty()) {
      return new Verdict.Refused(
          "Qovery needs a commit, and this deployment names none; ask for it with a ref or a sha");
    }
    Optional<String> objection = jobCheck.objection(log);
    if (objection.isPresent()) {
      log.log("Qovery is not asked: " + objection.get());
      return new Verdict.Refused(objection.get());
    }
    return request(version.get(), log);
  }

  private StartAnswer request(QoveryVersion version, AttemptLog log) throws InterruptedException {
    Call call = api.postTo(subject.deployPath(), version.body());
    String event = subject.forceEvent() == null ? "" : ", event " + subject.forceEvent();
    log.log("Qovery: " + call.described() + " with " + version.describe() + event);
    log.confirm();
    Instant sent = api.now();
    StartAnswer answer = judge(api.send(call), sent);
    log.log(told(answer));
    return answer;
  }

  private static String told(StartAnswer answer) {
    return switch (answer) {
      case StartAnswer.Busy busy -> "Busy, nothing was started: " + busy.reason();
      case Verdict.Accepted accepted -> accepted.reason();
      case Verdict.Refused refused -> "Refused: " + refused.reason();
      case Verdict.Unknown unknown -> "It may have started a deploy: " + unknown.reason();
      case Verdict.Skipped skipped -> "Skipped: " + skipped.reason();
    };
  }

  private StartAnswer judge(Reply reply, Instant sent) {
    return switch (reply) {
      case Reply.NotSent(String reason, boolean mayPass) ->
          mayPass ? new StartAnswer.Busy(reason, QoveryWaits.busy()) : new Verdict.Refused(reason);
      case Reply.Unanswered(String reason) -> new Verdict.Unknown(reason);
      case Reply.Answered answered when answered.isSuccess() -> accepted(answered, sent);
      case Reply.Answered answered -> notAccepted(answered);
    };
  }

  private StartAnswer accepted(Reply.Answered answered, Instant sent) {
    String requestId = QoveryServiceStatus.requestId(answered.json());
    String id =
        QoveryDeployId.of(requestId, DatedAnswer.of(answered, api.now()).onQoveryClock(sent))
            .toString();
    return new Verdict.Accepted(
        id,
        requestId.isBlank()
            ? "Qovery accepted the deploy without naming the request"
            : "Qovery accepted the deploy as request " + requestId);
  }

  private StartAnswer notAccepted(Reply.Answered answered) {
    String words = api.words(answered);
    return switch (answered.status()) {
      case 409 -> new StartAnswer.Busy(words, QoveryWaits.busy());
      case 400 ->
          IN_PROGRESS.matcher(words).find()
              ? new StartAnswer.Busy(words, QoveryWaits.busy())
              : new Verdict.Refused(words);
      case 429, 503 ->
          new StartAnswer.Busy(words, QoveryWaits.asked(answered, api.now(), QoveryWaits.busy()));
      case 401, 403 -> new Verdict.Refused(words + "; " + api.aboutToken(answered.status()));
      case 404 ->
          new Verdict.Refused(
              words
                  + "; check "
                  + subject.kind().setting()
                  + ", and that QOVERY_API_TOKEN sees it");
      default -> otherwise(answered.status(), words);
    };
  }

  private static Verdict otherwise(int status, String words) {
    if (status < 400) {
      return new Verdict.Refused(words + ", a redirect; check QOVERY_API_URL");
    }
    return status < 500 ? new Verdict.Refused(words) : new Verdict.Unknown(words);
  }
}
