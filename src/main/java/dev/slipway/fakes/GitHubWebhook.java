package dev.slipway.fakes;

import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** A repository's webhook: signs events and delivers each once. */
record GitHubWebhook(
    URI payloadUrl, Secret secret, LoopbackClient caller, Consumer<FakeEvent> listener) {
  private static final String HOOK_ID = "478213096";

  /** An event and its GUID, which stays the same when it is delivered again. */
  record Event(long deployment, String guid, JsonNode body) {}

  /** Delivers once and waits for the answer. */
  FakeEvent.DeliveryAnswered deliver(Event event, boolean redelivery, Duration timeout)
      throws InterruptedException {
    byte[] body = event.body().toString().getBytes(StandardCharsets.UTF_8);
    listener.accept(new FakeEvent.DeliverySent(event.deployment(), event.guid(), redelivery));
    LoopbackClient.Response answer = caller.post(payloadUrl, headers(event, body), body, timeout);
    JsonNode json = JsonBodies.read(answer.body());
    var answered =
        new FakeEvent.DeliveryAnswered(
            event.deployment(),
            event.guid(),
            answer.status(),
            json.path("decision").asString(json.path("error").asString("")),
            answer.status() == 0
                ? answer.body()
                : json.path("reason").asString(json.path("detail").asString("")));
    listener.accept(answered);
    return answered;
  }

  private Map<String, String> headers(Event event, byte[] body) {
    String repository = event.body().path("repository").path("id").asString();
    String host = URI.create(event.body().path("deployment").path("url").asString()).getHost();
    return Map.of(
        "X-GitHub-Enterprise-Host",
        host,
        "User-Agent",
        "GitHub-Hookshot/8a2e7d1",
        "Content-Type",
        "application/json",
        "Accept",
        "*/*",
        "X-GitHub-Event",
        "deployment",
        "X-GitHub-Delivery",
        event.guid(),
        "X-GitHub-Hook-ID",
        HOOK_ID,
        "X-GitHub-Hook-Installation-Target-Type",
        "repository",
        "X-GitHub-Hook-Installation-Target-ID",
        repository,
        "X-Hub-Signature-256",
        "sha256=" + HexFormat.of().formatHex(Hmac.of(secret, body)));
  }
}
