package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Deploys a service through Render's API, and follows it to its end. */
public final class RenderApi implements Target {
  private final RenderApiConfig config;
  private final RenderClient calls;
  private final ImageReference image;
  private final RenderMessages wording;
  private final StartAnswers table;
  private final RenderFollower follower;
  private final InstantSource clock;

  /**
   * @throws IllegalArgumentException if {@link RenderApiConfig#problemWith} finds one
   */
  public RenderApi(RenderApiConfig config, Http http, ReadBudgets budgets, InstantSource clock) {
    RenderApiConfig.problemWith(config.serviceId())
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    this.config = config;
    this.calls =
        new RenderClient(
            http,
            config.apiUrl(),
            config.apiKey(),
            new ServiceId(config.serviceId()),
            budgets.of(config.apiKey()));
    this.image = new ImageReference(config.imageUrl());
    this.wording = new RenderMessages(List.of(config.apiKey().reveal()));
    this.table = new StartAnswers(wording, clock, "check RENDER_API_KEY and RENDER_SERVICE_ID");
    this.follower = new RenderFollower(calls, DeployTrigger.API, image, wording, clock);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "render-api";
  }

  @Override
  public String destination() {
    return "Render service " + calls.service();
  }

  @Override
  public AttemptLimits limits() {
    return config.limits();
  }

  @Override
  public StartAnswer start(Attempt attempt, AttemptLog log) throws InterruptedException {
    Optional<String> problem = image.problem(attempt.deployment());
    if (problem.isPresent()) {
      return new Verdict.Refused(problem.get());
    }
    Reply description = calls.facts();
    if (description instanceof Reply.Answered answer && RenderClient.isDenied(answer)) {
      return table.forbidden(answer);
    }
    Optional<RenderService> facts = follower.introduce(description, log);
    if (facts.map(RenderService::isSuspended).orElse(false)) {
      return follower.suspended();
    }
    RequestedVersion asked =
        RequestedVersion.of(attempt.deployment(), image, calls.service(), facts, log);
    Call call = calls.trigger(body(asked));
    log.log("Render API: %s for %s".formatted(call.described(), asked.words()));
    log.confirm();
    Instant sent = clock.instant();
    StartAnswer answer =
        table.read(calls.send(call), attempt.since(), accepted -> accepted(accepted, sent));
    log.log("Render API: " + StartMessages.of(answer));
    return answer;
  }

  private String body(RequestedVersion asked) {
    var body = JsonCodec.object().put("clearCache", config.clearCache().code());
    if (asked.image() != null) {
      body.put("imageUrl", asked.image());
    }
    if (asked.commit() != null) {
      body.put("commitId", asked.commit());
    }
    return body.toString();
  }

  private Verdict accepted(Reply.Answered answer, Instant sent) {
    return RenderDeploy.from(answer.json())
        .map(deploy -> new Verdict.Accepted(deploy.id(), "Render started " + deploy.id()))
        .orElseGet(
            () ->
                new Verdict.Accepted(
                    DeployTrigger.API.pending(sent),
                    wording.of(answer) + " without a deploy's id; it is looked up"));
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return follower.poll(attempt, id, config.limits().resolve(), log);
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    return follower.find(attempt);
  }

  @Override
  public String stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return follower.stop(attempt, id, log);
  }
}
