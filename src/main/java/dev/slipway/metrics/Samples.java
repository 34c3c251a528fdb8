package dev.slipway.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;

/**
 * Makes snapshots of values that were just read. The exposition adds {@code _total} to counters.
 */
final class Samples {
  private Samples() {}

  /** Begins a counter with labels. */
  static CounterSnapshot.Builder counter(String name, String help) {
    return CounterSnapshot.builder().name(name).help(help);
  }

  /** A counter with one value. */
  static MetricSnapshot counter(String name, String help, Number value) {
    CounterSnapshot.Builder counter = counter(name, help);
    add(counter, value);
    return counter.build();
  }

  /** Begins a gauge with labels. */
  static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name(name).help(help);
  }

  /** A gauge with one value. */
  static MetricSnapshot gauge(String name, String help, Number value) {
    GaugeSnapshot.Builder gauge = gauge(name, help);
    add(gauge, value);
    return gauge.build();
  }

  /** Adds a sample; labels are names and values in turn. */
  static void add(CounterSnapshot.Builder counter, Number value, String... labels) {
    CounterSnapshot.Builder _ =
        counter.dataPoint(
            CounterDataPointSnapshot.builder()
                .value(value.doubleValue())
                .labels(Labels.of(labels))
                .build());
  }

  /** Adds a sample; labels are names and values in turn. */
  static void add(GaugeSnapshot.Builder gauge, Number value, String... labels) {
    GaugeSnapshot.Builder _ =
        gauge.dataPoint(
            GaugeDataPointSnapshot.builder()
                .value(value.doubleValue())
                .labels(Labels.of(labels))
                .build());
  }

  /** The seconds since 1970, as Prometheus has times. */
  static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }
}
