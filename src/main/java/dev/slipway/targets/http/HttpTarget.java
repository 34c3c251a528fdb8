package dev.slipway.targets.http;

import dev.slipway.http.Call;
import dev.slipway.http.JsonCodec;
import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StopResult;
import dev.slipway.secret.WebhookSigner;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Callbacks;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.ProviderCalls;
import dev.slipway.targets.ProviderMessages;
import dev.slipway.targets.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/**
 * Deploys by a signed request to a receiver of the operator's own, which answers how it ended or
 * says so by a callback. A request whose answer was lost is never sent again.
 */
public final class HttpTarget implements Target {
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  /** Each lookup is written down, so there are fewer. */
  private static final Duration LOOKUP_INTERVAL = Duration.ofSeconds(10);

  private final String name;
  private final HttpConfig config;
  private final WebhookSigner signer;
  private final ProviderCalls calls;
  private final Callbacks callbacks;
  private final InstantSource clock;

  public HttpTarget(
      String name,
      HttpConfig config,
      ProviderCalls calls,
      Callbacks callbacks,
      InstantSource clock) {
    this.name = name;
    this.config = config;
    this.signer = new WebhookSigner(config.secret());
    this.calls = calls;
    this.callbacks = callbacks;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String destination() {
    return "the receiver " + config.url();
  }

  @Override
  public AttemptLimits limits() {
    return config.limits();
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    Callbacks.Callback callback = callbacks.of(attempt);
    String body = body(attempt, callback.address());
    Instant now = clock.instant();
    String signature = signer.signature(attempt.id(), now, body);
    return new PreparedStart.Request(
        List.of(),
        Call.postJson(config.url(), body)
            .with("Accept", "application/json")
            .with(WebhookSigner.headers(attempt.id(), now, signature)),
        attempt.deployment().shortSha(),
        new HttpStart(messages(callback.key(), signature)));
  }

  private static String body(Attempt attempt, URI callback) {
    Deployment deployment = attempt.deployment();
    return JsonCodec.object()
        .put("id", attempt.id())
        .put("host", deployment.repository().host())
        .put("repository", deployment.repository().fullName())
        .put("deployment_id", deployment.githubId())
        .put("environment", deployment.environment().name())
        .put("task", deployment.task())
        .put("ref", deployment.ref())
        .put("sha", deployment.sha())
        .putRawValue("payload", new RawValue(deployment.payload()))
        .put("description", deployment.description())
        .put("creator", deployment.creator())
        .put("callback_url", callback.toString())
        .toString();
  }

  private ProviderMessages messages(String... more) {
    return calls.messages(
        "The receiver",
        Stream.concat(Stream.of(config.secret().reveal()), Stream.of(more)).toList());
  }

  private ProviderMessages messages(Attempt attempt) {
    return messages(callbacks.of(attempt).key());
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) {
    Optional<Outcome> answered = HttpDeployId.outcome(id, messages(attempt));
    if (answered.isPresent()) {
      return new PollResult.Over(answered.get().end());
    }
    return callbacks
        .received(attempt)
        .<PollResult>map(body -> new PollResult.Over(end(body, attempt, log)))
        .orElseGet(() -> new PollResult.Going("accepted", POLL_INTERVAL));
  }

  private End end(String body, Attempt attempt, AttemptLog log) {
    JsonNode json = JsonCodec.read(body);
    if (Outcome.hasBadLink(json)) {
      log.log("HTTP: the receiver called back; " + HttpStart.BAD_LINK);
    }
    return Outcome.read(json, messages(attempt))
        .map(Outcome::end)
        .orElseGet(
            () ->
                new End.Errored(
                    "The receiver called back without a state (success, failure or error), so it is"
                        + " not known how it ended. "
                        + whatToCheck(attempt)));
  }

  /** A callback may still come where the answer was lost, and proves that the deploy started. */
  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) {
    return callbacks.received(attempt).isPresent()
        ? new LookupResult.Found(HttpDeployId.CALLBACK, "The receiver called back")
        : new LookupResult.Unreachable(
            "No callback has come. " + whatToCheck(attempt), LOOKUP_INTERVAL);
  }

  private String whatToCheck(Attempt attempt) {
    return "Look at the receiver %s for what became of the webhook-id %s"
        .formatted(config.url(), attempt.id());
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) {
    return new StopResult.Done("not stopped: a receiver cannot be asked to cancel");
  }
}
