package dev.slipway.targets.qovery;

import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.StartRules;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Deploys a Qovery service by commit or by image tag, and follows it to its end. A deploy of which
 * Qovery names another version as live never succeeds. An event that the job does not have is
 * refused where Qovery shows the job's events, and never ends as success.
 */
final class QoveryTarget implements Target {
  /** A 400 with which Qovery means that it is busy. */
  private static final Pattern IN_PROGRESS =
      Pattern.compile(
          "\\b(in progress|on-?going|already (running|deploying|queued|building|being))\\b",
          Pattern.CASE_INSENSITIVE);

  private final String name;
  private final QoveryConfig config;
  private final QoveryMessages messages;
  private final QoveryClient client;
  private final QoveryFollower follower;
  private final StartRules rules = new Rules();

  QoveryTarget(String name, QoveryConfig config, ProviderCalls calls, InstantSource clock) {
    this.name = name;
    this.config = config;
    this.messages = new QoveryMessages(config, calls);
    this.client = new QoveryClient(config, calls, messages, clock);
    this.follower = new QoveryFollower(client, config, messages, clock);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String destination() {
    return "Qovery " + config.kind().noun() + " " + config.id();
  }

  @Override
  public AttemptLimits limits() {
    return config.limits();
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    return config
        .version()
        .version(attempt.deployment())
        .<PreparedStart>map(version -> request(version, Stream.empty()))
        .orElseGet(
            () ->
                PreparedStart.Declined.refused(
                    "Qovery needs a commit, and this deployment names none; ask for it with a ref"
                        + " or a sha"));
  }

  @Override
  public PreparedStart prepare(Attempt attempt) throws InterruptedException {
    Optional<QoveryVersion> version = config.version().version(attempt.deployment());
    return version.isEmpty() || config.kind() != QoveryConfig.Kind.JOB
        ? preview(attempt)
        : checked(version.get());
  }

  private PreparedStart checked(QoveryVersion version) throws InterruptedException {
    try {
      return client
          .service()
          .flatMap(job -> job.problemWith(config))
          .<PreparedStart>map(PreparedStart.Declined::refused)
          .orElseGet(() -> request(version, Stream.empty()));
    } catch (QoveryClient.UnavailableException e) {
      return request(
          version, Stream.of("Qovery: the job could not be checked beforehand. " + e.reason()));
    }
  }

  private PreparedStart request(QoveryVersion version, Stream<String> notes) {
    Stream<String> unpinned =
        config.version().unpinned().stream()
            .map(setting -> "Qovery: " + setting + " holds no {sha}, so the commit is not pinned");
    List<String> all = Stream.concat(unpinned, notes).toList();
    String event = config.forceEvent() == null ? "" : ", event " + config.forceEvent();
    return new PreparedStart.Request(
        all, client.startRequest(version.body().toString()), version.describe() + event, rules);
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return follower.poll(attempt, id, log);
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    return follower.lookUp(attempt, log);
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return follower.stop(attempt, id, log);
  }

  private final class Rules implements StartRules {
    @Override
    public String logPrefix() {
      return "Qovery";
    }

    @Override
    public ProviderMessages messages() {
      return messages.plain();
    }

    @Override
    public Verdict accepted(Reply.Answered answer, Instant sent) {
      String requestId = QoveryServiceStatus.requestId(answer.json());
      Instant since = client.dated(answer).onQoveryClock(sent);
      return new Verdict.Accepted(
          QoveryDeployId.of(requestId, since).toString(),
          requestId.isBlank()
              ? "Qovery accepted the deploy without naming the request"
              : "Qovery accepted the deploy as request " + requestId);
    }

    @Override
    public boolean isBusy(Reply.Answered refusal) {
      return refusal.status() == 400 && IN_PROGRESS.matcher(messages.of(refusal)).find();
    }

    @Override
    public Optional<String> hint(Reply.Answered refusal) {
      return messages.hint(refusal);
    }

    @Override
    public Duration backoff(Duration elapsed, boolean isReached) {
      return QoveryWaits.busy();
    }
  }
}
