package dev.slipway.metrics;

import dev.slipway.github.Github;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.store.Counters;
import dev.slipway.store.Database;
import dev.slipway.store.Outbox;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.StoreException;
import dev.slipway.store.WebhookSecrets;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** {@code /prometheus}: figures for whoever watches. */
@Controller
@ExecuteOn(TaskExecutors.VIRTUAL)
final class MetricsController {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Metrics figures;
  private final MetricsAccess access;
  private final Refusals refusals;
  private final InstantSource clock;
  private Instant countedAt = Instant.EPOCH;
  private String counted = "";

  MetricsController(
      Database database,
      Outbox outbox,
      ReconcileState watch,
      Github github,
      Refusals refusals,
      MetricsAccess access,
      InstantSource clock) {
    this.access = access;
    this.refusals = refusals;
    this.figures =
        new Metrics(
            new Counters(database), outbox, watch, new WebhookSecrets(database), github, refusals);
    this.clock = clock;
  }

  @Get(uri = "/prometheus", produces = PrometheusText.TYPE)
  HttpResponse<String> figures(HttpRequest<?> request) {
    if (!access.admits(request.getHeaders().getAll(HttpHeaders.AUTHORIZATION))) {
      return refused(request);
    }
    try {
      return HttpResponse.ok(fresh());
    } catch (StoreException e) {
      return HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE)
          .body("# The database cannot be read.\n");
    }
  }

  private HttpResponse<String> refused(HttpRequest<?> request) {
    MutableHttpResponse<String> response =
        refusals.count(Refusal.METRICS_TOKEN_WRONG, request.getRemoteAddress())
            ? HttpResponse.<String>status(HttpStatus.TOO_MANY_REQUESTS)
                .header(HttpHeaders.RETRY_AFTER, Long.toString(Refusals.WINDOW.toSeconds()))
                .header(HttpHeaders.CONNECTION, "close")
            : HttpResponse.<String>unauthorized().header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    return response.body("# Send Authorization: Bearer with the value of SLIPWAY_METRICS_TOKEN.\n");
  }

  /** However often it is asked for, the database is read once a second at most. */
  private synchronized String fresh() {
    Instant now = clock.instant();
    if (now.isBefore(countedAt) || !now.isBefore(countedAt.plus(FRESH))) {
      counted = figures.at(now);
      countedAt = now;
    }
    return counted;
  }
}
