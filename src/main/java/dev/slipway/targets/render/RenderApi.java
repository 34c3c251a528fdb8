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
import dev.slipway.targets.Lines;
import dev.slipway.targets.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Deploys a service through Render's API, and follows it to its end. */
public final class RenderApi implements Target {
  private final RenderApiConfig config;
  private final RenderCalls calls;
  private final Image image;
  private final Wording wording;
  private final StartTable table;
  private final Follower follower;
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
        new RenderCalls(
            http,
            config.apiUrl(),
            config.apiKey(),
            new ServiceId(config.serviceId()),
            budgets.of(config.apiKey()));
    this.image = new Image(config.imageUrl());
    this.wording = new Wording(List.of(config.apiKey().reveal()));
    this.table = new StartTable(wording, clock, "check RENDER_API_KEY and RENDER_SERVICE_ID");
    this.follower = new Follower(calls, Trigger.API, image, wording, clock);
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
  public StartAnswer start(Attempt attempt, Lines log) throws InterruptedException {
    Optional<String> problem = image.problem(attempt.deployment());
    if (problem.isPresent()) {
      return new Verdict.Refused(problem.get());
    }
    Reply description = calls.facts();
    if (description instanceof Reply.Answered answer && RenderCalls.isDenied(answer)) {
      return table.forbidden(answer);
    }
    Optional<ServiceFacts> facts = follower.introduce(description, log);
    if (facts.map(ServiceFacts::isSuspended).orElse(false)) {
      return follower.suspended();
    }
    Asked asked = Asked.of(attempt.deployment(), image, calls.service(), facts, log);
    Call call = calls.trigger(body(asked));
    log.say("Render API: %s for %s".formatted(call.described(), asked.words()));
    log.leave();
    Instant sent = clock.instant();
    StartAnswer answer =
        table.read(calls.send(call), attempt.since(), accepted -> accepted(accepted, sent));
    log.say("Render API: " + Told.of(answer));
    return answer;
  }

  private String body(Asked asked) {
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
    return Deploy.from(answer.json())
        .map(deploy -> new Verdict.Accepted(deploy.id(), "Render started " + deploy.id()))
        .orElseGet(
            () ->
                new Verdict.Accepted(
                    Trigger.API.pending(sent),
                    wording.of(answer) + " without a deploy's id; it is looked up"));
  }

  @Override
  public PollResult poll(Attempt attempt, String id, Lines log) throws InterruptedException {
    return follower.poll(attempt, id, config.limits().resolve(), log);
  }

  @Override
  public LookupResult find(Attempt attempt, Lines log) throws InterruptedException {
    return follower.find(attempt);
  }

  @Override
  public String stop(Attempt attempt, String id, Lines log) throws InterruptedException {
    return follower.stop(attempt, id, log);
  }
}
