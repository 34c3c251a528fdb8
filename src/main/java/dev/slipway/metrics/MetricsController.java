package dev.slipway.metrics;

import dev.slipway.github.Github;
import dev.slipway.store.Database;
import dev.slipway.store.Outbox;
import dev.slipway.store.StoreException;
import dev.slipway.store.Tally;
import dev.slipway.store.Watch;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
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

  private final Figures figures;
  private final InstantSource clock;
  private Instant countedAt = Instant.EPOCH;
  private String counted = "";

  MetricsController(
      Database database, Outbox outbox, Watch watch, Github github, InstantSource clock) {
    this.figures = new Figures(new Tally(database), outbox, watch, github);
    this.clock = clock;
  }

  @Get(uri = "/prometheus", produces = Exposition.TYPE)
  HttpResponse<String> figures() {
    try {
      return HttpResponse.ok(fresh());
    } catch (StoreException e) {
      return HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE)
          .body("# The database cannot be read.\n");
    }
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
