package dev.slipway.api;

import dev.slipway.problem.Problem;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.secret.CallbackKeys;
import dev.slipway.store.ReceivedCallbacks;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /callbacks/ID/KEY}: the answer of a provider that was handed this address. The first
 * is on disk before it is confirmed; later ones change nothing.
 */
@Controller("/callbacks/{id}/{key}")
@ExecuteOn(TaskExecutors.VIRTUAL)
final class CallbackController {
  static final int LARGEST_BODY = 64 * 1024;

  /** An attempt's id begins with the number of its deployment. */
  private static final Pattern ID = Pattern.compile("(\\d{1,18})-.{1,200}");

  private final CallbackKeys keys;
  private final ReceivedCallbacks callbacks;
  private final Refusals refusals;
  private final InstantSource clock;

  CallbackController(
      CallbackKeys keys, ReceivedCallbacks callbacks, Refusals refusals, InstantSource clock) {
    this.keys = keys;
    this.callbacks = callbacks;
    this.refusals = refusals;
    this.clock = clock;
  }

  @Post(consumes = MediaType.ALL)
  HttpResponse<?> receive(
      HttpRequest<?> request,
      @PathVariable String id,
      @PathVariable String key,
      @Nullable @Body InputStream body)
      throws IOException {
    Matcher attempt = ID.matcher(id);
    if (!attempt.matches() || !keys.matches(id, key)) {
      return refuse(request.getRemoteAddress());
    }
    byte[] bytes = RequestBody.read(body, LARGEST_BODY);
    if (bytes.length == 0) {
      return Problem.response(400, "Bad request", "A callback has a body");
    }
    if (bytes.length > LARGEST_BODY) {
      return Problem.response(413, "Too large", "A body may have 64 KiB");
    }
    return record(Long.parseLong(attempt.group(1)), id, new String(bytes, StandardCharsets.UTF_8));
  }

  private HttpResponse<?> record(long deploymentId, String attempt, String body) {
    try {
      return switch (callbacks.record(deploymentId, attempt, body, clock.instant())) {
        case RECORDED -> HttpResponse.accepted();
        case REPEATED -> HttpResponse.ok();
        case NO_DEPLOYMENT ->
            Problem.response(410, "Gone", "This deployment was removed for its age");
      };
    } catch (StoreException e) {
      return Problem.response(503, "The database cannot be written", "Try again in a minute")
          .header(HttpHeaders.RETRY_AFTER, "60");
    }
  }

  private HttpResponse<?> refuse(InetSocketAddress peer) {
    return refusals.count(Refusal.CALLBACK_KEY_WRONG, peer)
        ? Problem.response(429, "Too many failures", "Too many bad addresses came from here; wait")
            .header(HttpHeaders.RETRY_AFTER, Long.toString(Refusals.WINDOW.toSeconds()))
            .header(HttpHeaders.CONNECTION, "close")
        : Problem.response(404, "Not found", "No attempt was handed this address");
  }
}
