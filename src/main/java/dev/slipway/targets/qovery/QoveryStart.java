package dev.slipway.targets.qovery;

import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.Verdict;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.StartRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Prepares the request for a deploy, and reads what is Qovery's own in the answer. */
final class QoveryStart implements StartRules {
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

  PreparedStart prepare(Attempt attempt) {
    return subject
        .version(attempt.deployment())
        .<PreparedStart>map(version -> request(version, List.of()))
        .orElseGet(
            () ->
                PreparedStart.Declined.refused(
                    "Qovery needs a commit, and this deployment names none; ask for it with a ref"
                        + " or a sha"));
  }

  PreparedStart precheck(Attempt attempt) throws InterruptedException {
    Optional<QoveryVersion> version = subject.version(attempt.deployment());
    if (version.isEmpty()) {
      return prepare(attempt);
    }
    JobCheck.Result check = jobCheck.read();
    return check
        .objection()
        .<PreparedStart>map(PreparedStart.Declined::refused)
        .orElseGet(() -> request(version.get(), check.notes()));
  }

  private PreparedStart request(QoveryVersion version, List<String> notes) {
    Stream<String> unpinned =
        subject.isPinned()
            ? Stream.empty()
            : Stream.of("Qovery: QOVERY_JOB_IMAGE_TAG holds no {sha}, so the commit is not pinned");
    String event = subject.forceEvent() == null ? "" : ", event " + subject.forceEvent();
    return new PreparedStart.Request(
        Stream.concat(unpinned, notes.stream()).toList(),
        api.start(subject.deployPath(), version.body()),
        version.describe() + event,
        this);
  }

  @Override
  public String caller() {
    return "Qovery";
  }

  @Override
  public ProviderMessages messages() {
    return api.messages();
  }

  @Override
  public Verdict accepted(Reply.Answered answer, Instant sent) {
    String requestId = QoveryServiceStatus.requestId(answer.json());
    String id =
        QoveryDeployId.of(requestId, DatedAnswer.of(answer, api.now()).onQoveryClock(sent))
            .toString();
    return new Verdict.Accepted(
        id,
        requestId.isBlank()
            ? "Qovery accepted the deploy without naming the request"
            : "Qovery accepted the deploy as request " + requestId);
  }

  @Override
  public boolean isBusy(Reply.Answered refusal) {
    return refusal.status() == 400 && IN_PROGRESS.matcher(api.words(refusal)).find();
  }

  @Override
  public Optional<String> hint(Reply.Answered refusal) {
    return switch (refusal.status()) {
      case 401, 403 -> Optional.of(api.aboutToken(refusal.status()));
      case 404 ->
          Optional.of("check " + subject.kind().setting() + ", and that QOVERY_API_TOKEN sees it");
      default ->
          refusal.status() < 400
              ? Optional.of("this is a redirect, check QOVERY_API_URL")
              : Optional.empty();
    };
  }

  @Override
  public Duration backoff(Duration elapsed, boolean isReached) {
    return QoveryWaits.busy();
  }
}
