package dev.slipway.webhook;

import dev.slipway.problem.Problem;
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
  private final WebhookHandler handler;
  private final AnswerLatency latency;

  WebhookController(WebhookHandler handler, AnswerLatency latency) {
    this.handler = handler;
    this.latency = latency;
  }

  /** Runs in the connection's own event loop, so that no thread waits for a body. */
  @Post(consumes = MediaType.ALL)
  CompletableFuture<HttpResponse<?>> receive(HttpRequest<?> request) {
    long start = latency.start();
    return handler
        .handle(
            headers(request),
            () -> ((ServerHttpRequest<?>) request).byteBody().move().toReadBufferPublisher())
        .thenApply(
            response -> {
              latency.observe(response, start);
              return httpResponse(response);
            });
  }

  private static HttpResponse<?> httpResponse(WebhookResponse response) {
    WebhookResponseBody body = response.body();
    MutableHttpResponse<?> http =
        body.error() == null
            ? HttpResponse.status(HttpStatus.valueOf(response.status())).body(body)
            : Problem.of(response.status(), body.reason(), body.error()).response();
    if (response.closesConnection()) {
      http.header(HttpHeaders.CONNECTION, "close");
    }
    return response.isRetryable() ? http.header(HttpHeaders.RETRY_AFTER, "60") : http;
  }

  private static DeliveryHeaders headers(HttpRequest<?> request) {
    HttpHeaders headers = request.getHeaders();
    return new DeliveryHeaders(
        headers.getAll("X-Hub-Signature-256"),
        only(headers, "X-GitHub-Event"),
        only(headers, "X-GitHub-Delivery"),
        only(headers, "X-GitHub-Hook-ID"),
        Optional.ofNullable(headers.get("X-GitHub-Enterprise-Host")),
        isEncoded(headers)
            ? Optional.empty()
            : PayloadFormat.of(only(headers, HttpHeaders.CONTENT_TYPE)),
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
