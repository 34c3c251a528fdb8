package dev.slipway.metrics;

import dev.slipway.github.GithubHosts;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.problem.Problem;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.store.Database;
import dev.slipway.store.Notifications;
import dev.slipway.store.Outboxes;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.StoreException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** {@code GET /prometheus}: the metrics in Prometheus' text format. */
@Controller
@ExecuteOn(TaskExecutors.VIRTUAL)
final class MetricsController {
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final PrometheusTextFormatWriter WRITER =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();

  private final PrometheusRegistry registry;
  private final MetricsAccess access;
  private final Refusals refusals;
  private final InstantSource clock;
  private Instant scrapedAt = Instant.EPOCH;
  private String scraped = "";

  MetricsController(
      PrometheusRegistry registry,
      Database database,
      Outboxes outboxes,
      ReconcileState reconcile,
      Notifications notifications,
      GithubHosts githubHosts,
      Refusals refusals,
      MetricsAccess access,
      InstantSource clock) {
    this.registry = registry;
    this.access = access;
    this.refusals = refusals;
    this.clock = clock;
    Supplier<List<MissedDeliveries>> missed =
        () ->
            githubHosts.all().stream()
                .map(github -> reconcile.missedDeliveries(github.host()))
                .toList();
    registry.register(new DatabaseMetrics(database, outboxes, missed, notifications, clock));
    registry.register(new ProcessMetrics(refusals, githubHosts));
    registry.register(new JvmMetrics());
  }

  @Get(uri = "/prometheus", produces = PrometheusTextFormatWriter.CONTENT_TYPE)
  HttpResponse<?> metrics(HttpRequest<?> request) {
    if (!access.admits(request.getHeaders().getAll(HttpHeaders.AUTHORIZATION))) {
      return refused(request);
    }
    try {
      return HttpResponse.ok(fresh());
    } catch (StoreException e) {
      return Problem.of(503, "the database cannot be read; try again later", "store").response();
    }
  }

  private HttpResponse<?> refused(HttpRequest<?> request) {
    return refusals.count(Refusal.METRICS_TOKEN_WRONG, request.getRemoteAddress())
        ? Problem.of(429, "too many bad tokens came from this address; wait", "too_many_failures")
            .response()
            .header(HttpHeaders.RETRY_AFTER, Long.toString(Refusals.WINDOW.toSeconds()))
            .header(HttpHeaders.CONNECTION, "close")
        : Problem.of(
                401,
                "send Authorization: Bearer with the value of SLIPWAY_METRICS_TOKEN",
                "token_wrong")
            .response()
            .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
  }

  /** Reads the database once a second at most, however often it is asked. */
  private synchronized String fresh() {
    Instant now = clock.instant();
    if (now.isBefore(scrapedAt) || !now.isBefore(scrapedAt.plus(FRESH))) {
      scraped = text(registry.scrape());
      scrapedAt = now;
    }
    return scraped;
  }

  private static String text(MetricSnapshots metrics) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      WRITER.write(text, metrics);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
