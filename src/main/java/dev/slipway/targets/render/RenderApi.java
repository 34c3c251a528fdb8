package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.JsonCodec;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderCalls;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Deploys a service through Render's API, and follows it to its end. */
public final class RenderApi extends RenderTarget {
  private final RenderApiConfig config;
  private final RenderClient client;
  private final RenderMessages messages;
  private final RenderFollower follower;
  private final RenderRollback rollback;

  /**
   * @throws IllegalArgumentException if {@link RenderApiConfig#problemWith} finds one
   */
  public RenderApi(
      String name,
      RenderApiConfig config,
      ProviderCalls calls,
      ReadBudgets budgets,
      AcceptedDeploys accepted,
      InstantSource clock) {
    RenderApiConfig.problemWith(config.serviceId())
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    ServiceId service = new ServiceId(config.serviceId());
    ImageReference image = new ImageReference(config.imageUrl());
    RenderMessages messages = new RenderMessages(calls, List.of(config.apiKey().reveal()));
    RenderClient client =
        new RenderClient(
            calls, config.apiUrl(), config.apiKey(), service, budgets.of(config.apiKey()));
    super(name, config.limits(), service, image, messages, client);
    this.config = config;
    this.client = client;
    this.messages = messages;
    // Which of both was asked for is not known any more after a restart
    Set<RenderDeploy.Trigger> triggers =
        config.rollsBack()
            ? Set.of(RenderDeploy.Trigger.API, RenderDeploy.Trigger.ROLLBACK)
            : Set.of(RenderDeploy.Trigger.API);
    this.follower = new RenderFollower(client, triggers, image, messages, accepted, clock);
    this.rollback = new RenderRollback(client, messages);
  }

  @Override
  String logPrefix() {
    return "Render API";
  }

  @Override
  String whatToCheck() {
    return "check RENDER_API_KEY and RENDER_SERVICE_ID";
  }

  @Override
  Call startRequest(RenderVersion version) {
    var body = JsonCodec.object().put("clearCache", config.clearCache().code());
    if (version.image() != null) {
      body.put("imageUrl", version.image());
    }
    if (version.commit() != null) {
      body.put("commitId", version.commit());
    }
    return client.startRequest(body.toString());
  }

  @Override
  PreparedStart.Request refined(Attempt attempt, PreparedStart.Request request)
      throws InterruptedException {
    return config.rollsBack() ? rollback.instead(attempt.deployment(), request) : request;
  }

  @Override
  Verdict accepted(Reply.Answered answer, Instant sent) {
    return RenderDeploy.from(answer.json())
        .map(deploy -> new Verdict.Accepted(deploy.id(), "Render started " + deploy.id()))
        .orElseGet(
            () ->
                new Verdict.Accepted(
                    RenderDeployId.pending(RenderDeploy.Trigger.API, sent),
                    messages.of(answer) + " without a deploy's id; it is looked up"));
  }

  @Override
  Verdict.Refused denied(Reply.Answered answer) {
    return new Verdict.Refused(messages.of(answer) + "; " + whatToCheck());
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return follower.poll(attempt, id, config.limits().lookup(), log);
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    return follower.lookUp(attempt);
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    return follower.stop(attempt, id, log);
  }
}
