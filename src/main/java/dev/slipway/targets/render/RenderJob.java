package dev.slipway.targets.render;

import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.LastLogged;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.ProviderWaits;
import dev.slipway.targets.StartRules;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs a one-off job in the last build of a service, and follows it to its end. The command is the
 * operator's own text: nothing of a deployment becomes part of it.
 */
final class RenderJob implements Target {
  private static final Duration PENDING = Duration.ofSeconds(10);
  private static final Duration RUNNING = Duration.ofSeconds(5);
  private static final String LAST_BUILD =
      "Render: a job runs in the last build of the service, so the commit is not pinned";

  private final String name;
  private final RenderJobConfig config;
  private final RenderClient client;
  private final AcceptedDeploys accepted;
  private final RenderMessages messages;
  private final InstantSource clock;
  private final StartRules rules = new Rules();
  private final LastLogged lastLogged = new LastLogged();

  RenderJob(
      String name,
      RenderJobConfig config,
      ProviderCalls calls,
      ReadBudgets budgets,
      AcceptedDeploys accepted,
      InstantSource clock) {
    this.name = name;
    this.config = config;
    this.accepted = accepted;
    this.clock = clock;
    this.messages = new RenderMessages(calls, List.of(config.apiKey().reveal()));
    this.client =
        new RenderClient(
            calls,
            config.apiUrl(),
            config.apiKey(),
            new ServiceId(config.serviceId()),
            budgets.of(config.apiKey()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String destination() {
    return "jobs of Render service " + config.serviceId();
  }

  @Override
  public AttemptLimits limits() {
    return config.limits();
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    return request(Stream.empty());
  }

  @Override
  public PreparedStart prepare(Attempt attempt) throws InterruptedException {
    Reply description = client.service();
    if (!(description instanceof Reply.Answered answer)
        || !(answer.isSuccess() || RenderClient.isDenied(answer))) {
      return request(
          Stream.of(
              "Render's API does not describe service "
                  + config.serviceId()
                  + ": "
                  + messages.unseen(description)));
    }
    if (!answer.isSuccess()) {
      return PreparedStart.Declined.refused(messages.of(answer) + "; " + whatToCheck());
    }
    RenderService service = RenderService.from(answer.json());
    return service.isSuspended()
        ? PreparedStart.Declined.refused(
            "Render has suspended the service %s, so no job was asked for; resume it in Render's dashboard"
                .formatted(config.serviceId()))
        : request(service.dashboard().map(link -> "Render dashboard: " + link).stream());
  }

  private PreparedStart request(Stream<String> notes) {
    ObjectNode body = JsonCodec.object().put("startCommand", config.command());
    if (config.plan() != null) {
      body.put("planId", config.plan());
    }
    return new PreparedStart.Request(
        Stream.concat(notes, Stream.of(LAST_BUILD)).toList(),
        client.jobRequest(body.toString()),
        "the command of the settings",
        rules);
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    if (!RenderJobRun.isId(id)) {
      return new PollResult.Over(
          new End.Errored("Not an id of a job at Render: " + messages.clean(id)));
    }
    Reply reply = client.job(id);
    PollResult result =
        reply instanceof Reply.Answered answer && answer.isSuccess()
            ? RenderJobRun.from(answer.json())
                .filter(job -> job.id().equals(id))
                .map(this::seen)
                .orElseGet(() -> unseen(reply))
            : unseen(reply);
    log(attempt.id(), result, log);
    return result;
  }

  private PollResult seen(RenderJobRun job) {
    String status = job.status() == null ? "no status yet" : messages.clean(job.status());
    return switch (status) {
      case "succeeded" ->
          new PollResult.Over(
              new End.Succeeded(
                  null, "Render ran " + job.id() + " in the last build of the service"));
      case "failed" ->
          new PollResult.Over(
              new End.Failed(
                  "Render: %s failed; its log is with the service %s in Render's dashboard"
                      .formatted(job.id(), config.serviceId())));
      case "canceled" ->
          new PollResult.Over(new End.Cancelled("Cancelled at Render, not by Slipway"));
      case "pending" -> new PollResult.Going(status, reserved(PENDING));
      default -> new PollResult.Going(status, reserved(RUNNING));
    };
  }

  private PollResult unseen(Reply reply) {
    return new PollResult.Unseen(
        "The job cannot be seen: " + messages.unseen(reply),
        reserved(ProviderWaits.afterFailure(reply, 1, clock.instant())));
  }

  /** Reserves the next read; the key may have been used up by others. */
  private Duration reserved(Duration pace) {
    Duration wait = client.budget().reserve();
    return wait.compareTo(pace) > 0 ? wait : pace;
  }

  private void log(String key, PollResult result, AttemptLog log) {
    switch (result) {
      case PollResult.Going(String phase, _) -> logOnce(key, phase, log);
      case PollResult.Unseen(String reason, _) -> logOnce(key, reason, log);
      case PollResult.Over(End end) -> {
        lastLogged.forget(key);
        log.log("Render job: " + end.reason());
      }
      case PollResult.NotYet _ -> {}
    }
  }

  private void logOnce(String key, String line, AttemptLog log) {
    if (!line.equals(lastLogged.replace(key, line))) {
      log.log("Render job: " + line);
    }
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    Instant from = attempt.since().minus(RenderLookup.CLOCK_MARGIN);
    Reply reply = client.jobs(from);
    Duration behind = RenderLookup.clockLag(reply, clock.instant());
    if (behind.compareTo(RenderLookup.INEXACT) > 0) {
      from = from.minus(behind);
      reply = client.jobs(from);
    }
    LookupResult result = found(attempt, reply, from);
    log.log("Render job: looked up since " + from);
    return result;
  }

  /**
   * Nothing but the command and the time tells our job from one that no run has, so of two that fit
   * neither is taken for ours.
   */
  private LookupResult found(Attempt attempt, Reply reply, Instant from) {
    if (!(reply instanceof Reply.Answered answer)
        || !answer.isSuccess()
        || !answer.json().isArray()) {
      return new LookupResult.Unreachable(
          "Render's jobs cannot be listed: " + messages.unseen(reply),
          ProviderWaits.afterFailure(reply, 1, clock.instant()));
    }
    List<String> ids = new ArrayList<>();
    answer
        .json()
        .forEach(
            row ->
                RenderJobRun.from(row.path("job"))
                    .filter(job -> job.mayBe(config.command(), from))
                    .filter(job -> !accepted.isOfAnotherRun(attempt, job.id()))
                    .ifPresent(job -> ids.add(job.id())));
    if (ids.size() == 1) {
      return new LookupResult.Found(ids.getFirst(), "Render did start " + ids.getFirst());
    }
    boolean isCutOff = answer.json().size() >= RenderClient.PAGE;
    return ids.isEmpty() && !isCutOff
        ? new LookupResult.NotThere("Render lists no job with the command since then", RUNNING)
        : new LookupResult.CannotKnow(
            "Render lists %s jobs that may be this one; look at the jobs of the service %s in Render's dashboard"
                .formatted(isCutOff ? "too many" : ids.size(), config.serviceId()));
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    lastLogged.forget(attempt.id());
    if (!RenderJobRun.isId(id)) {
      return new StopResult.Done("not stopped: no id of a job at Render");
    }
    var call = client.cancelJobRequest(id);
    log.log("Render job: " + call.described());
    return RenderCancel.result(client.send(call), messages, clock.instant());
  }

  private static String whatToCheck() {
    return "check RENDER_API_KEY and RENDER_SERVICE_ID";
  }

  private final class Rules implements StartRules {
    @Override
    public String logPrefix() {
      return "Render job";
    }

    @Override
    public ProviderMessages messages() {
      return messages.plain();
    }

    @Override
    public Verdict accepted(Reply.Answered answer, Instant sent) {
      return RenderJobRun.from(answer.json())
          .<Verdict>map(job -> new Verdict.Accepted(job.id(), "Render started " + job.id()))
          .orElseGet(() -> new Verdict.Unknown(messages.of(answer) + " without a job's id"));
    }

    @Override
    public Optional<String> hint(Reply.Answered refusal) {
      return RenderClient.isDenied(refusal) ? Optional.of(whatToCheck()) : Optional.empty();
    }
  }
}
