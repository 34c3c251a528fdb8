package dev.slipway.refusal;

import java.util.Arrays;
import java.util.Optional;

/** Why a request was refused, and at which endpoint. */
public enum Refusal {
  SIGNATURE_MISSING("webhook", "signature_missing", true),
  SIGNATURE_MALFORMED("webhook", "signature_malformed", true),
  SIGNATURE_MISMATCH("webhook", "signature_mismatch", true),
  CONTENT_TYPE("webhook", "content_type", false),
  HEADERS("webhook", "headers", false),
  PAYLOAD("webhook", "payload", false),
  BODY_TOO_LARGE("webhook", "too_large", false),
  BODY_TOO_SLOW("webhook", "too_slow", false),
  BODY_CUT_OFF("webhook", "body_cut_off", false),
  BUSY("webhook", "busy", false),
  STORE("webhook", "store", false),
  API_CLOSED("api", "closed", false),
  API_TOKEN_MISSING("api", "token_missing", true),
  API_TOKEN_WRONG("api", "token_wrong", true),
  CALLBACK_KEY_WRONG("callback", "key_wrong", true),
  RENDER_WEBHOOK_CLOSED("render_webhook", "closed", false),
  RENDER_SIGNATURE_WRONG("render_webhook", "signature_wrong", true),
  RENDER_WEBHOOK_STALE("render_webhook", "stale", false),
  METRICS_TOKEN_WRONG("metrics", "token_wrong", true),
  STREAMS_TOO_MANY("page", "too_many_streams", false),
  CONNECTIONS_TOO_MANY("connection", "too_many", false),
  CONNECTION_DROPPED("connection", "dropped", false),
  REQUEST_TOO_SLOW("connection", "too_slow", false),
  REQUESTS_TOO_MANY("connection", "too_many_requests", false);

  private final String endpoint;
  private final String cause;
  private final boolean guess;

  Refusal(String endpoint, String cause, boolean guess) {
    this.endpoint = endpoint;
    this.cause = cause;
    this.guess = guess;
  }

  /** The endpoint, in one word. */
  public String endpoint() {
    return endpoint;
  }

  /** The cause, as a stable code. */
  public String cause() {
    return cause;
  }

  /** Whether it may be one of many attempts to guess a secret. */
  boolean isSecretGuess() {
    return guess;
  }

  /** The refusal with this cause at this endpoint, where there is one. */
  public static Optional<Refusal> of(String endpoint, String cause) {
    return Arrays.stream(values())
        .filter(refusal -> refusal.endpoint.equals(endpoint) && refusal.cause.equals(cause))
        .findFirst();
  }
}
