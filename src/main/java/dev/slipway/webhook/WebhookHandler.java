package dev.slipway.webhook;

import dev.slipway.intake.Intake;
import dev.slipway.intake.NotStoredException;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import dev.slipway.model.DeliverySource;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import io.micronaut.core.io.buffer.ReadBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in what GitHub signed. Nothing looks inside a body before its signature was found good, and
 * a deployment is answered 202 only after the intake has it on disk.
 */
public final class WebhookHandler {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookHandler.class);
  private static final Pattern TOKEN = Pattern.compile("[\\w.-]{1,100}");

  /** GitHub waits ten seconds for an answer: later a body is of no use. */
  private static final Duration LIMIT = Duration.ofSeconds(8);

  /** A body that came late and a slow database together must not make it wait longer either. */
  private static final Duration ANSWER = Duration.ofSeconds(9);

  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final int LOOK = 8192;

  /** So many bytes are hashed where they came in, all secrets taken together. */
  private static final int QUICK = 64 * 1024;

  private static final Executor THREADS = work -> Thread.ofVirtual().name("delivery").start(work);

  private final Signature.Keys keys;
  private final Intake intake;
  private final InstantSource clock;
  private final BodyReceiver bodies;
  private final Refusals refusals;
  private final AtomicBoolean warned = new AtomicBoolean();
  private final Duration answer;

  public WebhookHandler(
      List<NamedSecret> secrets, Intake intake, Refusals refusals, InstantSource clock) {
    this(secrets, intake, refusals, clock, ANSWER);
  }

  WebhookHandler(
      List<NamedSecret> secrets,
      Intake intake,
      Refusals refusals,
      InstantSource clock,
      Duration answer) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("without a secret everybody could deploy");
    }
    this.keys = new Signature.Keys(secrets);
    this.intake = intake;
    this.clock = clock;
    this.refusals = refusals;
    this.answer = answer;
    this.bodies = new BodyReceiver(LIMIT, GRACE, clock, THREADS);
  }

  /** The headers of a delivery; lists where a second one would be a trick. */
  record DeliveryHeaders(
      List<String> signatures,
      String event,
      String guid,
      String hook,
      Optional<String> host,
      String contentType,
      OptionalLong contentLength,
      boolean exposesSecret,
      InetSocketAddress peer) {}

  /** What to answer. */
  record WebhookResponse(int status, WebhookResponseBody body) {
    static WebhookResponse of(Decision decision) {
      return new WebhookResponse(statusOf(decision), WebhookResponseBody.of(decision));
    }

    static WebhookResponse error(int status, String error, String reason) {
      return new WebhookResponse(status, WebhookResponseBody.error(error, reason));
    }

    /** Whether the connection is not worth keeping. */
    boolean closes() {
      return status == 408 || status == 413 || "busy".equals(body.error());
    }
  }

  /**
   * Answers a delivery.
   *
   * @param body is asked for the body if its headers are worth it
   */
  CompletableFuture<WebhookResponse> handle(
      DeliveryHeaders envelope, Supplier<Publisher<ReadBuffer>> body) {
    return objection(envelope)
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> inTime(judged(envelope, body.get())))
        .thenApply(verdict -> counted(verdict, envelope.peer()));
  }

  private CompletableFuture<WebhookResponse> judged(
      DeliveryHeaders envelope, Publisher<ReadBuffer> body) {
    return bodies
        .receive(body, envelope.contentLength())
        .thenCompose(received -> received(envelope, received));
  }

  private CompletableFuture<WebhookResponse> inTime(CompletableFuture<WebhookResponse> verdict) {
    return verdict.isDone()
        ? verdict
        // Of the copy, or a body that came whole after that would be closed by nobody
        : verdict.copy().completeOnTimeout(late(), answer.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whoever signed well is never held up, however many others fail from the same address. */
  private WebhookResponse counted(WebhookResponse verdict, InetSocketAddress peer) {
    String error = verdict.body().error();
    boolean tooOften =
        error != null
            && Refusal.of("webhook", error)
                .filter(refusal -> refusals.count(refusal, peer))
                .isPresent();
    return tooOften
        ? WebhookResponse.error(
            429, "too_many_failures", "too many bad signatures came from this address; wait")
        : verdict;
  }

  /** Gives up on bodies that do not come to an end. Returns when there may be some again. */
  public void expireBodies() throws InterruptedException {
    bodies.expire();
    bodies.awaitBody();
  }

  /** How many bytes of memory bodies take at the moment. */
  int memoryInUse() {
    return bodies.memoryInUse();
  }

  private static Optional<WebhookResponse> objection(DeliveryHeaders envelope) {
    if (envelope.contentLength().orElse(0) > BodyReceiver.LARGEST) {
      return Optional.of(tooLarge());
    }
    if (envelope.signatures().isEmpty()) {
      return Optional.of(
          unauthorized(
              "signature_missing",
              "X-Hub-Signature-256 is missing: set the secret in the webhook's settings on GitHub"));
    }
    if (envelope.signatures().size() > 1
        || !Signature.isWellFormed(envelope.signatures().getFirst())) {
      return Optional.of(
          unauthorized(
              "signature_malformed",
              "X-Hub-Signature-256 must be one value: sha256= and 64 hex digits in lower case"));
    }
    return mediaType(envelope.contentType()).isEmpty()
        ? Optional.of(
            WebhookResponse.error(
                415,
                "content_type",
                "send application/json (or application/x-www-form-urlencoded) in UTF-8, without"
                    + " Content-Encoding or a Transfer-Encoding other than chunked"))
        : Optional.empty();
  }

  private enum MediaType {
    JSON,
    FORM
  }

  private static Optional<MediaType> mediaType(String contentType) {
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", 2);
    if (parts.length == 2 && parts[1].contains("charset") && !parts[1].contains("utf-8")) {
      return Optional.empty();
    }
    return switch (parts[0].strip()) {
      case "application/json" -> Optional.of(MediaType.JSON);
      case "application/x-www-form-urlencoded" -> Optional.of(MediaType.FORM);
      default -> Optional.empty();
    };
  }

  private CompletableFuture<WebhookResponse> received(DeliveryHeaders envelope, ReceivedBody body) {
    return switch (body) {
      case ReceivedBody.Whole(BodyBytes bytes) ->
          whole(envelope, bytes).whenComplete((_, _) -> bytes.close());
      case ReceivedBody.Failed failed -> CompletableFuture.completedFuture(refused(failed));
    };
  }

  private static WebhookResponse refused(ReceivedBody.Failed body) {
    return switch (body) {
      case ReceivedBody.TooLarge() -> tooLarge();
      case ReceivedBody.Dropped() ->
          WebhookResponse.error(
              503, "busy", "too many large deliveries at once; redeliver this one in a minute");
      case ReceivedBody.CutOff() ->
          WebhookResponse.error(400, "body_cut_off", "the body ended before its Content-Length");
      case ReceivedBody.TooSlow() ->
          WebhookResponse.error(
              408, "too_slow", "the body had not arrived within " + LIMIT.toSeconds() + " seconds");
    };
  }

  /**
   * A thread costs more than the check of what GitHub usually sends, so only what takes long gets
   * one: a large body, and the store.
   */
  private CompletableFuture<WebhookResponse> whole(DeliveryHeaders envelope, BodyBytes bytes) {
    Executor here = Runnable::run;
    boolean quick = (long) bytes.size() * keys.count() <= QUICK;
    return CompletableFuture.completedFuture(bytes)
        .thenComposeAsync(
            all -> checked(envelope, all, quick ? THREADS : here), quick ? here : THREADS);
  }

  private CompletableFuture<WebhookResponse> checked(
      DeliveryHeaders envelope, BodyBytes bytes, Executor opening) {
    Optional<String> signer = signer(envelope, bytes);
    if (signer.isEmpty()) {
      return CompletableFuture.completedFuture(mismatch());
    }
    Optional<WebhookResponse> unopened = unopened(envelope, signer.get());
    return unopened
        .map(CompletableFuture::completedFuture)
        .orElseGet(
            () ->
                CompletableFuture.supplyAsync(
                    () -> opened(envelope, bytes, signer.get()), opening));
  }

  private Optional<String> signer(DeliveryHeaders envelope, BodyBytes bytes) {
    Signature signature = new Signature(keys);
    bytes.show((piece, length) -> signature.update(piece, 0, length));
    return signature.signer(envelope.signatures().getFirst());
  }

  /** What the headers alone decide. */
  private Optional<WebhookResponse> unopened(DeliveryHeaders envelope, String signer) {
    if (envelope.exposesSecret() && !warned.getAndSet(true)) {
      LOG.warn(
          "A delivery came with X-GitHub-Encoded-Secret: whatever stands between GitHub and"
              + " Slipway may have seen the webhook's secret; change it ({})",
          signer);
    }
    if (!TOKEN.matcher(envelope.event()).matches() || !TOKEN.matcher(envelope.guid()).matches()) {
      return Optional.of(
          WebhookResponse.error(
              400,
              "headers",
              "X-GitHub-Event and X-GitHub-Delivery must be there, once each, and well-formed"));
    }
    return intake.ignore(envelope.event(), envelope.host(), signer).map(WebhookResponse::of);
  }

  private WebhookResponse opened(DeliveryHeaders envelope, BodyBytes bytes, String signer) {
    boolean form = mediaType(envelope.contentType()).filter(MediaType.FORM::equals).isPresent();
    if (form && !FormBody.isOnePayload(bytes.stream())) {
      return WebhookResponse.error(
          400, "payload", "a form-encoded body needs exactly one well-formed field \"payload\"");
    }
    Supplier<InputStream> json = () -> form ? new FormBody(bytes.stream()) : bytes.stream();
    if (!isUtf8(json.get())) {
      return WebhookResponse.error(400, "invalid", "the body is not UTF-8");
    }
    Delivery delivery =
        new Delivery(
            envelope.guid(),
            envelope.event(),
            DeliverySource.WEBHOOK,
            signer,
            digest(bytes),
            clock.instant(),
            TOKEN.matcher(envelope.hook()).matches() ? envelope.hook() : "");
    try {
      return WebhookResponse.of(intake.receive(delivery, envelope.host(), json.get()));
    } catch (NotStoredException e) {
      return notKept(envelope.guid(), e);
    }
  }

  private static WebhookResponse notKept(String guid, NotStoredException e) {
    if (e.isStopping()) {
      return WebhookResponse.error(
          503, "stopping", "Slipway is stopping; redeliver this one when it runs again");
    }
    LOG.warn("Delivery {} could not be kept; redeliver it later", guid);
    LOG.debug("The reason", e);
    return WebhookResponse.error(
        503, "store", "the database cannot be written; redeliver this one when it can");
  }

  private static int statusOf(Decision decision) {
    return switch (decision) {
      case Decision.Ping _ -> 200;
      case Decision.Invalid _ -> 400;
      case Decision.Accepted _,
          Decision.Duplicate _,
          Decision.Retried _,
          Decision.NoRoute _,
          Decision.Foreign _,
          Decision.Stale _,
          Decision.Locked _,
          Decision.IgnoredEvent _ ->
          202;
    };
  }

  private static boolean isUtf8(InputStream json) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    try (Reader reader = new InputStreamReader(json, decoder)) {
      char[] some = new char[LOOK];
      int read;
      do {
        read = reader.read(some);
      } while (read >= 0);
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It may still be kept; delivered again, it is a duplicate then. */
  private static WebhookResponse late() {
    return WebhookResponse.error(
        503, "store", "the database was too slow; redeliver this one when it is well");
  }

  private static WebhookResponse tooLarge() {
    return WebhookResponse.error(413, "too_large", "GitHub sends no body over 25 MiB");
  }

  private static WebhookResponse mismatch() {
    return unauthorized(
        "signature_mismatch",
        "the signature does not fit the body: the secret on GitHub and"
            + " GITHUB_WEBHOOK_SECRET differ, or the body was changed on its way");
  }

  private static WebhookResponse unauthorized(String error, String reason) {
    return WebhookResponse.error(401, error, reason);
  }

  private static String digest(BodyBytes bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      bytes.show((piece, length) -> digest.update(piece, 0, length));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
