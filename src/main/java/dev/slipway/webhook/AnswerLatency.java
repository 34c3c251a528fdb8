package dev.slipway.webhook;

import dev.slipway.model.Decision;
import dev.slipway.time.Time;
import io.micronaut.context.annotation.Context;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Measures how long GitHub waits for its answers, from the headers of a delivery to the answer. The
 * histogram is made with the server, so that the first delivery need not wait for it.
 */
@Context
final class AnswerLatency {
  private static final double[] BUCKETS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final Time time;
  private final Map<Outcome, DistributionDataPoint> latencies = new EnumMap<>(Outcome.class);

  /** The outcomes that a delivery can have, as far as they differ in the work they take. */
  enum Outcome {
    /** A deployment was stored and will run. */
    ACCEPTED,
    /** The delivery was understood and starts nothing. */
    IGNORED,
    /** The sender is to blame: a 4xx answer. */
    REJECTED,
    /** GitHub has to deliver it again: a 5xx answer. */
    FAILED;

    private static final Set<String> ACCEPTING =
        Set.of(Decision.Kind.ACCEPTED.code(), Decision.Kind.RETRIED.code());

    static Outcome of(WebhookResponse response) {
      if (response.status() >= 400) {
        return response.status() < 500 ? REJECTED : FAILED;
      }
      String decision = response.body().decision();
      return decision != null && ACCEPTING.contains(decision) ? ACCEPTED : IGNORED;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  AnswerLatency(PrometheusRegistry registry, Time time) {
    this.time = time;
    Histogram histogram =
        Histogram.builder()
            .name("slipway_webhook_answer_seconds")
            .help("Time from the headers of a delivery to its answer, by outcome.")
            .labelNames("outcome")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .withoutExemplars()
            .register(registry);
    Arrays.stream(Outcome.values())
        .forEach(outcome -> latencies.put(outcome, histogram.labelValues(outcome.label())));
  }

  /** The moment from which {@link #observe} measures. */
  long start() {
    return time.nanos();
  }

  /** Counts an answer that is about to be sent. */
  void observe(WebhookResponse response, long start) {
    Objects.requireNonNull(latencies.get(Outcome.of(response)))
        .observe(time.since(start).toNanos() / 1e9);
  }
}
