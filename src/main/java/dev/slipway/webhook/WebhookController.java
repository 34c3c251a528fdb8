package dev.slipway.webhook;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /webhooks/github}. */
@Controller("/webhooks/github")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class WebhookController {
  private final Door door;

  WebhookController(Door door) {
    this.door = door;
  }

  @Post(consumes = MediaType.ALL)
  HttpResponse<Answer> receive(HttpRequest<?> request, @Nullable @Body InputStream body)
      throws InterruptedException {
    Door.Verdict verdict = door.receive(envelope(request.getHeaders()), body);
    MutableHttpResponse<Answer> response =
        HttpResponse.<Answer>status(HttpStatus.valueOf(verdict.status())).body(verdict.answer());
    return verdict.status() == 503 ? response.header(HttpHeaders.RETRY_AFTER, "60") : response;
  }

  private static Door.Envelope envelope(HttpHeaders headers) {
    boolean encoded = headers.contains(HttpHeaders.CONTENT_ENCODING);
    return new Door.Envelope(
        headers.getAll("X-Hub-Signature-256"),
        Optional.ofNullable(headers.get("X-GitHub-Event")).orElse(""),
        Optional.ofNullable(headers.get("X-GitHub-Delivery")).orElse(""),
        Optional.ofNullable(headers.get("X-GitHub-Enterprise-Host")),
        encoded ? "" : Optional.ofNullable(headers.get(HttpHeaders.CONTENT_TYPE)).orElse(""),
        headers.contentLength());
  }
}
