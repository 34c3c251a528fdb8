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
import java.util.List;
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
    return new Door.Envelope(
        headers.getAll("X-Hub-Signature-256"),
        only(headers, "X-GitHub-Event"),
        only(headers, "X-GitHub-Delivery"),
        Optional.ofNullable(headers.get("X-GitHub-Enterprise-Host")),
        isEncoded(headers) ? "" : only(headers, HttpHeaders.CONTENT_TYPE),
        headers.contentLength());
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
