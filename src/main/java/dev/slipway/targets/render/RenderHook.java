package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deploys a service by calling its deploy hook. With an API key the deploy is followed to its end;
 * without one, Render's acceptance is all that is ever known.
 */
public final class RenderHook implements Target {
  /** Accepted, with no means to follow it. */
  static final String UNTRACKED = "untracked";

  /** Accepted, but what began is no deploy. */
  static final String BLUEPRINT_SYNC = "blueprint-sync";

  private final RenderHookConfig config;
  private final HookUrl hook;
  private final ImageReference image;
  private final Http http;
  private final StartAnswers table;
  private final RenderMessages wording;
  private final @Nullable RenderClient calls;
  private final @Nullable RenderFollower follower;
  private final InstantSource clock;

  /**
   * @throws IllegalArgumentException if {@link RenderHookConfig#problemWith} finds one
   */
  public RenderHook(RenderHookConfig config, Http http, ReadBudgets budgets, InstantSource clock) {
    this.config = config;
    this.hook = HookUrl.of(config.url().reveal(), config.apiUrl());
    this.image = new ImageReference(config.imageUrl());
    this.http = http;
    this.clock = clock;
    Secret key = config.apiKey();
    List<String> secrets = new ArrayList<>(hook.secrets());
    if (key != null) {
      secrets.add(key.reveal());
    }
    this.wording = new RenderMessages(secrets);
    this.table =
        new StartAnswers(
            wording, clock, "check RENDER_DEPLOY_HOOK_URL, which regenerating the hook replaces");
    this.calls =
        key == null
            ? null
            : new RenderClient(http, config.apiUrl(), key, hook.service(), budgets.of(key));
    this.follower =
        calls == null ? null : new RenderFollower(calls, DeployTrigger.HOOK, image, wording, clock);
  }

  @Override
  public String name() {
    return "render-hook";
  }

  @Override
  public String destination() {
    return "Render service " + hook.service();
  }

  @Override
  public AttemptLimits limits() {
    return config.limits();
  }

  @Override
  public StartAnswer start(Attempt attempt, AttemptLog log) throws InterruptedException {
    Deployment deployment = attempt.deployment();
    Optional<String> problem = image.problem(deployment);
    if (problem.isPresent()) {
      return new Verdict.Refused(problem.get());
    }
    Optional<RenderService> facts = Optional.empty();
    if (calls != null && follower != null) {
      Reply description = calls.facts();
      if (description instanceof Reply.Answered answer && RenderClient.isDenied(answer)) {
        return notFollowable(answer, log);
      }
      facts = follower.introduce(description, log);
      if (facts.map(RenderService::isSuspended).orElse(false)) {
        return follower.suspended();
      }
    }
    RequestedVersion asked = RequestedVersion.of(deployment, image, hook.service(), facts, log);
    Call call = Call.post(hook.with(asked.commit(), asked.image()));
    log.log("Render hook: %s for %s".formatted(call.described(), asked.words()));
    log.confirm();
    Instant sent = clock.instant();
    StartAnswer answer =
        table.read(http.send(call), attempt.since(), accepted -> accepted(accepted, sent));
    log.log("Render hook: " + StartMessages.of(answer));
    return answer;
  }

  /**
   * The hook would deploy all the same, but nobody would learn how it ended, which is what the key
   * was set for.
   */
  private Verdict notFollowable(Reply.Answered answer, AttemptLog log) {
    var refused =
        new Verdict.Refused(
            wording.unseen(answer)
                + "; the deploy could not be followed, so the hook was not called (without"
                + " RENDER_API_KEY it is, and its outcome is not tracked)");
    log.log("Render hook: " + StartMessages.of(refused));
    return refused;
  }

  private Verdict accepted(Reply.Answered answer, Instant sent) {
    Optional<String> deployId = RenderDeploy.idIn(answer.json().path("deploy").path("id"));
    if (deployId.isEmpty() && isBlueprintSync(answer)) {
      return new Verdict.Accepted(
          BLUEPRINT_SYNC, "Render started the sync of a Blueprint and no deploy");
    }
    if (!answer.body().isBlank() && !answer.json().isObject()) {
      return new Verdict.Unknown(
          "Render answered %d with something that is not its JSON, perhaps a proxy's page"
              .formatted(answer.status()));
    }
    String what = deployId.map(id -> "Render started " + id).orElse(wording.of(answer));
    if (follower == null) {
      return new Verdict.Accepted(UNTRACKED, what + "; it is not followed without RENDER_API_KEY");
    }
    return deployId
        .map(id -> new Verdict.Accepted(id, what))
        .orElseGet(
            () ->
                new Verdict.Accepted(
                    DeployTrigger.HOOK.pending(sent),
                    what + " without a deploy's id; it is looked up"));
  }

  private static boolean isBlueprintSync(Reply.Answered answer) {
    return answer.body().toLowerCase(Locale.ROOT).contains("sync started");
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    if (id.equals(UNTRACKED)) {
      return new PollResult.Over(
          new End.Succeeded(
              null, "Accepted by Render; the outcome is not tracked (set RENDER_API_KEY)"));
    }
    // A sync may deploy whatever render.yaml changed, so the next target must not run either
    if (id.equals(BLUEPRINT_SYNC)) {
      return new PollResult.Over(
          new End.Errored(
              "Render synced a Blueprint instead of deploying; set RENDER_DEPLOY_HOOK_URL to the"
                  + " deploy hook of the service itself"));
    }
    if (follower == null) {
      return new PollResult.Unseen(
          "Render deploy " + wording.clean(id) + " was being followed; set RENDER_API_KEY again",
          Duration.ofSeconds(30));
    }
    return follower.poll(attempt, id, config.limits().resolve(), log);
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    if (follower == null) {
      return new LookupResult.CannotKnow(
          "Look at the service %s in Render's dashboard for a deploy of %s by deploy hook since %s;"
                  .formatted(hook.service(), attempt.deployment().shortSha(), attempt.since())
              + " with RENDER_API_KEY set, Slipway looks by itself");
    }
    return follower.find(attempt);
  }

  @Override
  public String stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    if (follower == null || id.equals(UNTRACKED)) {
      return "not stopped: Render cannot be asked to cancel without RENDER_API_KEY";
    }
    return follower.stop(attempt, id, log);
  }
}
