package dev.slipway.webhook;

import dev.slipway.intake.EventRouter;
import dev.slipway.intake.Intake;
import dev.slipway.intake.NotStoredException;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.refusal.Refusals;
import io.micronaut.core.io.buffer.ReadBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a delivery in four steps: {@link #read}, {@link #verify}, {@link #parse}, {@link
 * #accept}. Nothing looks inside a body before its signature is verified, a deployment is answered
 * 202 only after the intake has it on disk, and the memory of the body is released before the
 * database is asked.
 */
public final class WebhookHandler {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookHandler.class);

  /** Also a late body and a slow database together must not exceed GitHub's ten seconds. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(9);

  private static final Duration MEMORY_GRACE = Duration.ofSeconds(1);

  /** So many bytes are hashed in the event loop, all secrets taken together. */
  private static final int SMALL = 64 * 1024;

  private static final Executor THREADS = work -> Thread.ofVirtual().name("delivery").start(work);

  private final BodyReceiver bodies;
  private final SignatureVerifier signatures;
  private final Intake intake;
  private final FailureLimit failures;
  private final InstantSource clock;
  private final Duration answerLimit;
  private final AtomicBoolean warned = new AtomicBoolean();

  public WebhookHandler(
      List<NamedSecret> secrets, Intake intake, Refusals refusals, InstantSource clock) {
    this(secrets, intake, refusals, clock, ANSWER_LIMIT);
  }

  WebhookHandler(
      List<NamedSecret> secrets,
      Intake intake,
      Refusals refusals,
      InstantSource clock,
      Duration answerLimit) {
    this.bodies = new BodyReceiver(ReceivedBody.TIME_LIMIT, MEMORY_GRACE, clock, THREADS);
    this.signatures = new SignatureVerifier(secrets);
    this.intake = intake;
    this.failures = new FailureLimit(refusals);
    this.clock = clock;
    this.answerLimit = answerLimit;
  }

  /** The result of a step: what the next step needs, or the response that ends the delivery. */
  private sealed interface Step<T> {
    record Passed<T>(T value) implements Step<T> {}

    record Ended<T>(WebhookResponse response) implements Step<T> {}
  }

  /** A signed event and what its content and the routes decide about it. */
  private record ParsedDelivery(Delivery delivery, EventRouter.Routing routing) {}

  /**
   * Handles a delivery.
   *
   * @param body is asked for the body if the headers have no problem
   */
  CompletableFuture<WebhookResponse> handle(
      DeliveryHeaders headers, Supplier<Publisher<ReadBuffer>> body) {
    return headers
        .problem()
        .map(CompletableFuture::completedFuture)
        .orElseGet(
            () ->
                limitTime(
                    read(headers, body.get()).thenCompose(received -> process(headers, received))))
        .thenApply(response -> failures.count(response, headers.peer()));
  }

  private CompletableFuture<WebhookResponse> process(DeliveryHeaders headers, ReceivedBody body) {
    return switch (body) {
      case ReceivedBody.Failed failed ->
          CompletableFuture.completedFuture(WebhookResponse.of(failed));
      case ReceivedBody.Whole(BodyBytes bytes) ->
          process(headers, bytes).whenComplete((_, _) -> bytes.close());
    };
  }

  /** A thread costs more than the check of a small body, so only slow steps get one. */
  private CompletableFuture<WebhookResponse> process(DeliveryHeaders headers, BodyBytes bytes) {
    boolean isSmall = (long) bytes.size() * signatures.secrets() <= SMALL;
    return CompletableFuture.supplyAsync(
            () -> verify(headers, bytes), isSmall ? Runnable::run : THREADS)
        .thenCompose(
            verified ->
                switch (verified) {
                  case Step.Ended<NamedSecret>(WebhookResponse response) ->
                      CompletableFuture.completedFuture(response);
                  case Step.Passed<NamedSecret>(NamedSecret signer) ->
                      CompletableFuture.supplyAsync(
                          () -> accept(parse(headers, bytes, signer)), THREADS);
                });
  }

  /** Reads the body into memory, in the event loop and within the limits of size and time. */
  private CompletableFuture<ReceivedBody> read(
      DeliveryHeaders headers, Publisher<ReadBuffer> body) {
    return bodies.receive(body, headers.contentLength());
  }

  /**
   * Verifies the signature, then the other headers.
   *
   * @return the secret that signed the body
   */
  private Step<NamedSecret> verify(DeliveryHeaders headers, BodyBytes bytes) {
    Optional<NamedSecret> signer =
        signatures.signer(bytes.pieces(), headers.signatures().getFirst());
    if (signer.isEmpty()) {
      return new Step.Ended<>(WebhookResponse.signatureMismatch());
    }
    if (headers.exposesSecret()) {
      warnOfExposedSecret(signer.get().name());
    }
    if (!headers.isWellFormed()) {
      return new Step.Ended<>(WebhookResponse.malformedHeaders());
    }
    return intake
        .ignore(sender(headers, signer.get()), headers.event(), signer.get().name())
        .<Step<NamedSecret>>map(decision -> new Step.Ended<>(WebhookResponse.of(decision)))
        .orElseGet(() -> new Step.Passed<>(signer.get()));
  }

  private static EventRouter.Sender sender(DeliveryHeaders headers, NamedSecret signer) {
    return new EventRouter.Sender(signer.host(), headers.host());
  }

  /** Parses the body and releases its memory. */
  private Step<ParsedDelivery> parse(DeliveryHeaders headers, BodyBytes bytes, NamedSecret signer) {
    try (bytes) {
      Payload payload = new Payload(bytes, headers.format());
      Optional<WebhookResponse> problem = payload.problem();
      if (problem.isPresent()) {
        return new Step.Ended<>(problem.get());
      }
      Delivery delivery =
          new Delivery(
              headers.guid(),
              headers.event(),
              DeliverySource.WEBHOOK,
              signer.name(),
              payload.digest(),
              clock.instant(),
              headers.hook(),
              signer.host());
      return new Step.Passed<>(
          new ParsedDelivery(
              delivery,
              intake
                  .router()
                  .route(
                      sender(headers, signer),
                      delivery.event(),
                      payload.json(),
                      delivery.receivedAt())));
    }
  }

  /** Has the intake decide and store the decision. */
  private WebhookResponse accept(Step<ParsedDelivery> parsed) {
    return switch (parsed) {
      case Step.Ended<ParsedDelivery>(WebhookResponse response) -> response;
      case Step.Passed<ParsedDelivery>(
              ParsedDelivery(Delivery delivery, EventRouter.Routing routing)) -> {
        try {
          yield WebhookResponse.of(intake.accept(delivery, routing));
        } catch (NotStoredException e) {
          yield notStored(delivery, e);
        }
      }
    };
  }

  private static WebhookResponse notStored(Delivery delivery, NotStoredException e) {
    if (e.isStopping()) {
      return WebhookResponse.stopping();
    }
    LOG.warn("Delivery {} could not be stored; redeliver it later", delivery.guid());
    LOG.debug("The reason", e);
    return WebhookResponse.notStored();
  }

  private void warnOfExposedSecret(String signer) {
    if (!warned.getAndSet(true)) {
      LOG.warn(
          "A delivery came with X-GitHub-Encoded-Secret: whatever stands between GitHub and"
              + " Slipway may have seen the webhook's secret; change it ({})",
          signer);
    }
  }

  private CompletableFuture<WebhookResponse> limitTime(
      CompletableFuture<WebhookResponse> response) {
    return response.isDone()
        ? response
        // Completes a copy: the body's memory is released when the original completes
        : response
            .copy()
            .completeOnTimeout(
                WebhookResponse.storeTooSlow(), answerLimit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Gives up bodies that are overdue. Returns when there may be some again. */
  public void expireBodies() throws InterruptedException {
    bodies.expire();
    bodies.awaitBody();
  }

  /** The memory that bodies take at the moment, in bytes. */
  int memoryInUse() {
    return bodies.memoryInUse();
  }
}
