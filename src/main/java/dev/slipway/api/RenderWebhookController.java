package dev.slipway.api;

import dev.slipway.problem.Problem;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.store.PollRequests;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /webhooks/render}: Render says that something happened to a service, and whoever
 * follows a deploy of it looks at once.
 */
@Controller("/webhooks/render")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class RenderWebhookController {
  private static final int LARGEST_BODY = 64 * 1024;

  private final RenderWebhook webhook;
  private final PollRequests polls;
  private final Refusals refusals;
  private final InstantSource clock;

  RenderWebhookController(
      RenderWebhook webhook, PollRequests polls, Refusals refusals, InstantSource clock) {
    this.webhook = webhook;
    this.polls = polls;
    this.refusals = refusals;
    this.clock = clock;
  }

  @Post(consumes = MediaType.ALL)
  HttpResponse<?> receive(HttpRequest<?> request, @Nullable @Body InputStream body)
      throws IOException {
    byte[] bytes = RequestBody.read(body, LARGEST_BODY);
    if (bytes.length > LARGEST_BODY) {
      return Problem.response(413, "Too large", "A body may have 64 KiB");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    HttpHeaders headers = request.getHeaders();
    RenderWebhook.Headers signed =
        new RenderWebhook.Headers(
            only(headers, "webhook-id"),
            only(headers, "webhook-timestamp"),
            only(headers, "webhook-signature"));
    return switch (webhook.verify(signed, text, clock.instant())) {
      case GOOD -> accept(text);
      case CLOSED ->
          refuse(
              request,
              Refusal.RENDER_WEBHOOK_CLOSED,
              Problem.response(404, "Not found", "RENDER_WEBHOOK_SECRET is not set"));
      case WRONG ->
          refuse(
              request,
              Refusal.RENDER_SIGNATURE_WRONG,
              Problem.response(
                  401, "Unauthorized", "The signature does not fit RENDER_WEBHOOK_SECRET"));
      case STALE ->
          refuse(
              request,
              Refusal.RENDER_WEBHOOK_STALE,
              Problem.response(
                  401, "Unauthorized", "The time in webhook-timestamp is not within five minutes"));
    };
  }

  /** A header that two parties could read differently counts as missing. */
  private static String only(HttpHeaders headers, String name) {
    List<String> values = headers.getAll(name);
    return values.size() == 1 ? values.getFirst() : "";
  }

  private HttpResponse<?> accept(String body) {
    Optional<String> destination = webhook.destination(body);
    try {
      destination.ifPresent(polls::add);
      return HttpResponse.accepted();
    } catch (StoreException e) {
      return Problem.response(503, "The database cannot be written", "Try again in a minute")
          .header(HttpHeaders.RETRY_AFTER, "60");
    }
  }

  private HttpResponse<?> refuse(HttpRequest<?> request, Refusal cause, HttpResponse<?> answer) {
    return refusals.count(cause, request.getRemoteAddress())
        ? Problem.response(429, "Too many failures", "Too many bad signatures came from here; wait")
            .header(HttpHeaders.RETRY_AFTER, Long.toString(Refusals.WINDOW.toSeconds()))
            .header(HttpHeaders.CONNECTION, "close")
        : answer;
  }
}
