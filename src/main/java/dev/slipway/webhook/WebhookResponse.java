package dev.slipway.webhook;

import dev.slipway.model.Decision;

/** The response to a delivery: one for each way in which it can end. */
record WebhookResponse(int status, WebhookResponseBody body) {
  static WebhookResponse of(Decision decision) {
    return switch (decision) {
      case Decision.Ping _ -> new WebhookResponse(200, WebhookResponseBody.of(decision));
      case Decision.Invalid _ -> error(400, decision.kind().code(), decision.reason());
      case Decision.Accepted _,
          Decision.Duplicate _,
          Decision.Retried _,
          Decision.NoRoute _,
          Decision.Foreign _,
          Decision.Stale _,
          Decision.Locked _,
          Decision.Gated _,
          Decision.Destroying _,
          Decision.IgnoredEvent _ ->
          new WebhookResponse(202, WebhookResponseBody.of(decision));
    };
  }

  static WebhookResponse of(ReceivedBody.Failed body) {
    return switch (body) {
      case ReceivedBody.TooLarge() -> tooLarge();
      case ReceivedBody.Dropped() ->
          error(503, "busy", "too many large deliveries at once; redeliver this one in a minute");
      case ReceivedBody.CutOff() ->
          error(400, "body_cut_off", "the body ended before its Content-Length");
      case ReceivedBody.TooSlow() ->
          error(
              408,
              "too_slow",
              "the body had not arrived within "
                  + ReceivedBody.TIME_LIMIT.toSeconds()
                  + " seconds");
    };
  }

  static WebhookResponse tooLarge() {
    return error(413, "too_large", "GitHub sends no body over 25 MiB");
  }

  static WebhookResponse signatureMissing() {
    return error(
        401,
        "signature_missing",
        "X-Hub-Signature-256 is missing: set the secret in the webhook's settings on GitHub");
  }

  static WebhookResponse signatureMalformed() {
    return error(
        401,
        "signature_malformed",
        "X-Hub-Signature-256 must be one value: sha256= and 64 hex digits in lower case");
  }

  static WebhookResponse signatureMismatch() {
    return error(
        401,
        "signature_mismatch",
        "the signature does not fit the body: the secret on GitHub and"
            + " GITHUB_WEBHOOK_SECRET differ, or the body was changed on its way");
  }

  static WebhookResponse tooManyFailures() {
    return error(429, "too_many_failures", "too many bad signatures came from this address; wait");
  }

  static WebhookResponse unsupportedMediaType() {
    return error(
        415,
        "content_type",
        "send application/json (or application/x-www-form-urlencoded) in UTF-8, without"
            + " Content-Encoding or a Transfer-Encoding other than chunked");
  }

  static WebhookResponse malformedHeaders() {
    return error(
        400,
        "headers",
        "X-GitHub-Event and X-GitHub-Delivery must be there, once each, and well-formed");
  }

  static WebhookResponse malformedForm() {
    return error(
        400, "payload", "a form-encoded body needs exactly one well-formed field \"payload\"");
  }

  static WebhookResponse notUtf8() {
    return error(400, "invalid", "the body is not UTF-8");
  }

  static WebhookResponse stopping() {
    return error(503, "stopping", "Slipway is stopping; redeliver this one when it runs again");
  }

  static WebhookResponse notStored() {
    return error(503, "store", "the database cannot be written; redeliver this one when it can");
  }

  /** The delivery may still be stored; delivered again, it is a duplicate then. */
  static WebhookResponse storeTooSlow() {
    return error(503, "store", "the database was too slow; redeliver this one when it is well");
  }

  private static WebhookResponse error(int status, String error, String reason) {
    return new WebhookResponse(status, WebhookResponseBody.error(error, reason));
  }

  /** Whether the connection is closed because it may still carry an unread body. */
  boolean closesConnection() {
    return status == 408 || status == 413 || "busy".equals(body.error());
  }

  /** Whether the same delivery is worth another try in a minute. */
  boolean isRetryable() {
    return status == 503 || status == 429;
  }
}
