package dev.slipway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The samples as Prometheus reads them. */
class SamplesTest {
  private static String text(MetricSnapshot... metrics) {
    return PrometheusTextFormatWriter.create().toDebugString(new MetricSnapshots(metrics));
  }

  @Test
  void a_metric_has_its_heading_and_then_its_samples() {
    CounterSnapshot.Builder counter = Samples.counter("a", "How many.");
    Samples.add(counter, 3, "end", "failed", "by", "me");
    Samples.add(counter, 0, "end", "succeeded", "by", "me");
    assertThat(text(counter.build(), Samples.gauge("b_bytes", "How much.", 4)))
        .isEqualTo(
            """
            # HELP a_total How many.
            # TYPE a_total counter
            a_total{by="me",end="failed"} 3.0
            a_total{by="me",end="succeeded"} 0.0
            # HELP b_bytes How much.
            # TYPE b_bytes gauge
            b_bytes 4.0
            """);
  }

  @Test
  void a_time_keeps_its_milliseconds() {
    Instant time = Instant.ofEpochMilli(1_795_262_390_424L);
    assertThat(text(Samples.gauge("b_seconds", "When.", Samples.seconds(time))))
        .endsWith("b_seconds 1.795262390424E9\n");
  }

  @Test
  void what_would_end_a_label_or_a_line_is_escaped() {
    GaugeSnapshot.Builder gauge = Samples.gauge("a", "One\nor \\ two.");
    Samples.add(gauge, 1, "by", "\"me\"\nand \\you");
    assertThat(text(gauge.build()))
        .contains("# HELP a One\\nor \\\\ two.\n")
        .endsWith("a{by=\"\\\"me\\\"\\nand \\\\you\"} 1.0\n");
  }
}
