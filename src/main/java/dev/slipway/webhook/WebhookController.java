package dev.slipway.webhook;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code POST /webhooks/github}. */
@Controller("/webhooks/github")
final class WebhookController {
  private final WebhookHandler door;
  private final AnswerLatency latency;

  WebhookController(WebhookHandler door, AnswerLatency latency) {
    this.door = door;
    this.latency = latency;
  }

  /** Runs in the connection's own event loop, so that no thread waits for a body. */
  @Post(consumes = MediaType.ALL)
  CompletableFuture<HttpResponse<WebhookResponseBody>> receive(HttpRequest<?> request) {
    long start = latency.start();
    return door.handle(
            envelope(request),
            () -> ((ServerHttpRequest<?>) request).byteBody().move().toReadBufferPublisher())
        .thenApply(
            verdict -> {
              latency.observe(verdict, start);
              return response(verdict);
            });
  }

  private static HttpResponse<WebhookResponseBody> response(
      WebhookHandler.WebhookResponse verdict) {
    MutableHttpResponse<WebhookResponseBody> response =
        HttpResponse.<WebhookResponseBody>status(HttpStatus.valueOf(verdict.status()))
            .body(verdict.body());
    if (verdict.closes()) {
      response.header(HttpHeaders.CONNECTION, "close");
    }
    boolean later = verdict.status() == 503 || verdict.status() == 429;
    return later ? response.header(HttpHeaders.RETRY_AFTER, "60") : response;
  }

  private static WebhookHandler.DeliveryHeaders envelope(HttpRequest<?> request) {
    HttpHeaders headers = request.getHeaders();
    return new WebhookHandler.DeliveryHeaders(
        headers.getAll("X-Hub-Signature-256"),
        only(headers, "X-GitHub-Event"),
        only(headers, "X-GitHub-Delivery"),
        only(headers, "X-GitHub-Hook-ID"),
        Optional.ofNullable(headers.get("X-GitHub-Enterprise-Host")),
        isEncoded(headers) ? "" : only(headers, HttpHeaders.CONTENT_TYPE),
        headers.contentLength(),
        headers.contains("X-GitHub-Encoded-Secret"),
        request.getRemoteAddress());
  }

  /** A header that two parties could read differently counts as missing. */
  private static String only(HttpHeaders headers, String name) {
    List<String> values = headers.getAll(name);
    return values.size() == 1 ? values.getFirst() : "";
  }

  /** The signature is over what came: a body that something would have to unpack is not read. */
  private static boolean isEncoded(HttpHeaders headers) {
    List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    return headers.contains(HttpHeaders.CONTENT_ENCODING)
        || !(codings.isEmpty()
            || (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked")));
  }
}
