package dev.slipway.targets.render;

import dev.slipway.http.Call;
import dev.slipway.http.Reply;
import dev.slipway.model.Attempt;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import dev.slipway.targets.AcceptedDeploys;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.ProviderCalls;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deploys a service by calling its deploy hook. With an API key the deploy is followed to its end;
 * without one, Render's acceptance is all that is ever known.
 */
public final class RenderHook extends RenderTarget {
  /** Accepted, with no means to follow it. */
  static final String UNTRACKED = "untracked";

  /** Accepted, but what began is no deploy. */
  static final String BLUEPRINT_SYNC = "blueprint-sync";

  private final RenderHookConfig config;
  private final HookUrl hook;
  private final RenderMessages messages;
  private final @Nullable RenderFollower follower;

  /**
   * @throws IllegalArgumentException if {@link RenderHookConfig#problemWith} finds one
   */
  public RenderHook(
      String name,
      RenderHookConfig config,
      ProviderCalls calls,
      ReadBudgets budgets,
      AcceptedDeploys accepted,
      InstantSource clock) {
    HookUrl hook = HookUrl.of(config.url().reveal(), config.apiUrl());
    ImageReference image = new ImageReference(config.imageUrl());
    Secret key = config.apiKey();
    RenderMessages messages =
        new RenderMessages(
            calls,
            Stream.concat(hook.secrets().stream(), Stream.ofNullable(key).map(Secret::reveal))
                .toList());
    RenderClient client =
        key == null
            ? null
            : new RenderClient(calls, config.apiUrl(), key, hook.service(), budgets.of(key));
    super(name, config.limits(), hook.service(), image, messages, client);
    this.config = config;
    this.hook = hook;
    this.messages = messages;
    this.follower =
        client == null
            ? null
            : new RenderFollower(
                client, Set.of(RenderDeploy.Trigger.HOOK), image, messages, accepted, clock);
  }

  @Override
  String logPrefix() {
    return "Render hook";
  }

  @Override
  String whatToCheck() {
    return "check RENDER_DEPLOY_HOOK_URL, which regenerating the hook replaces";
  }

  @Override
  Call startRequest(RenderVersion version) {
    return Call.post(hook.with(version.commit(), version.image()));
  }

  /**
   * The hook would deploy all the same, but nobody would learn how it ended, which is what the key
   * was set for.
   */
  @Override
  Verdict.Refused denied(Reply.Answered answer) {
    return new Verdict.Refused(
        messages.unseen(answer)
            + "; the deploy could not be followed, so the hook was not called (without"
            + " RENDER_API_KEY it is, and its outcome is not tracked)");
  }

  @Override
  Verdict accepted(Reply.Answered answer, Instant sent) {
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
    String what = deployId.map(id -> "Render started " + id).orElse(messages.of(answer));
    if (follower == null) {
      return new Verdict.Accepted(UNTRACKED, what + "; it is not followed without RENDER_API_KEY");
    }
    return deployId
        .map(id -> new Verdict.Accepted(id, what))
        .orElseGet(
            () ->
                new Verdict.Accepted(
                    RenderDeployId.pending(RenderDeploy.Trigger.HOOK, sent),
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
          "Render deploy " + messages.clean(id) + " was being followed; set RENDER_API_KEY again",
          Duration.ofSeconds(30));
    }
    return follower.poll(attempt, id, config.limits().lookup(), log);
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    if (follower == null) {
      return new LookupResult.CannotKnow(
          "Look at the service %s in Render's dashboard for a deploy of %s by deploy hook since %s;"
                  .formatted(hook.service(), attempt.deployment().shortSha(), attempt.since())
              + " with RENDER_API_KEY set, Slipway looks by itself");
    }
    return follower.lookUp(attempt);
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    if (follower == null || id.equals(UNTRACKED)) {
      return new StopResult.Done(
          "not stopped: Render cannot be asked to cancel without RENDER_API_KEY");
    }
    return follower.stop(attempt, id, log);
  }
}
