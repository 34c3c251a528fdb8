package dev.slipway.webhook;

import dev.slipway.intake.Intake;
import dev.slipway.intake.NotKeptException;
import dev.slipway.model.Decision;
import dev.slipway.model.Delivery;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in what GitHub signed. Nothing looks inside a body before its signature was found good, and
 * a delivery is answered 202 only after the intake has it on disk.
 */
public final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);
  private static final Pattern TOKEN = Pattern.compile("[\\w.-]{1,100}");

  private final List<NamedSecret> secrets;
  private final Intake intake;
  private final InstantSource clock;
  private final BodyReader reader = new BodyReader(Duration.ofSeconds(20));

  public Door(List<NamedSecret> secrets, Intake intake, InstantSource clock) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("without a secret everybody could deploy");
    }
    this.secrets = List.copyOf(secrets);
    this.intake = intake;
    this.clock = clock;
  }

  /** The headers of a delivery; lists where a second one would be a trick. */
  record Envelope(
      List<String> signatures,
      String event,
      String guid,
      Optional<String> host,
      String contentType,
      OptionalLong contentLength) {}

  /** What to answer. */
  record Verdict(int status, Answer answer) {
    static Verdict error(int status, String error, String reason) {
      return new Verdict(status, Answer.error(error, reason));
    }
  }

  Verdict receive(Envelope envelope, @Nullable InputStream stream) throws InterruptedException {
    Optional<Verdict> objection = objection(envelope);
    if (objection.isPresent()) {
      return objection.get();
    }
    Signature signature = new Signature(secrets);
    MessageDigest digest = sha256();
    return reader.read(
        stream,
        envelope.contentLength(),
        (piece, length) -> {
          signature.update(piece, 0, length);
          digest.update(piece, 0, length);
        },
        body -> received(envelope, body, signature, digest));
  }

  private static Optional<Verdict> objection(Envelope envelope) {
    if (envelope.contentLength().orElse(0) > BodyReader.LARGEST) {
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
            Verdict.error(
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

  private Verdict received(
      Envelope envelope, BodyReader.Body body, Signature signature, MessageDigest digest) {
    return switch (body) {
      case BodyReader.Body.TooLarge() -> tooLarge();
      case BodyReader.Body.NoRoom() ->
          Verdict.error(
              503, "busy", "too many large deliveries at once; redeliver this one in a minute");
      case BodyReader.Body.CutOff() ->
          Verdict.error(400, "body_cut_off", "the body ended before its Content-Length");
      case BodyReader.Body.TooSlow() ->
          Verdict.error(408, "too_slow", "the body had not arrived within 20 seconds");
      case BodyReader.Body.Whole(BodyReader.Bytes bytes) ->
          signature
              .signer(envelope.signatures().getFirst())
              .map(
                  signer ->
                      opened(
                          envelope, bytes.get(), signer, HexFormat.of().formatHex(digest.digest())))
              .orElseGet(
                  () ->
                      unauthorized(
                          "signature_mismatch",
                          "the signature does not fit the body: the secret on GitHub and"
                              + " GITHUB_WEBHOOK_SECRET differ, or the body was changed on its way"));
    };
  }

  private Verdict opened(Envelope envelope, byte[] bytes, String signer, String digest) {
    if (!TOKEN.matcher(envelope.event()).matches() || !TOKEN.matcher(envelope.guid()).matches()) {
      return Verdict.error(
          400,
          "headers",
          "X-GitHub-Event and X-GitHub-Delivery must be there, once each, and well-formed");
    }
    boolean form = mediaType(envelope.contentType()).filter(MediaType.FORM::equals).isPresent();
    Optional<byte[]> json = form ? FormBody.payload(bytes) : Optional.of(bytes);
    if (json.isEmpty()) {
      return Verdict.error(
          400, "payload", "a form-encoded body needs exactly one well-formed field \"payload\"");
    }
    if (!isUtf8(json.get())) {
      return Verdict.error(400, "invalid", "the body is not UTF-8");
    }
    Delivery delivery =
        new Delivery(envelope.guid(), envelope.event(), "webhook", signer, digest, clock.instant());
    try {
      Decision decision = intake.receive(delivery, envelope.host(), json.get());
      return new Verdict(statusOf(decision), Answer.of(decision));
    } catch (NotKeptException e) {
      return notKept(envelope.guid(), e);
    }
  }

  private static Verdict notKept(String guid, NotKeptException e) {
    if (e.isStopping()) {
      return Verdict.error(
          503, "stopping", "Slipway is stopping; redeliver this one when it runs again");
    }
    LOG.warn("Delivery {} could not be kept; redeliver it later", guid);
    LOG.debug("The reason", e);
    return Verdict.error(
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

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  private static Verdict tooLarge() {
    return Verdict.error(413, "too_large", "GitHub sends no body over 25 MiB");
  }

  private static Verdict unauthorized(String error, String reason) {
    return Verdict.error(401, error, reason);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
