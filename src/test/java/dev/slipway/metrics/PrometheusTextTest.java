package dev.slipway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Prometheus' text format. */
class PrometheusTextTest {
  @Test
  void a_metric_has_its_heading_and_then_its_samples() {
    assertThat(
            new PrometheusText()
                .counter("a_total", "How many.")
                .sample("a_total", 3, "end", "failed")
                .sample("a_total", 0, "end", "done", "by", "me")
                .gauge("b_seconds", "How long.")
                .seconds("b_seconds", 1_795_262_390_424L))
        .hasToString(
            """
            # HELP a_total How many.
            # TYPE a_total counter
            a_total{end="failed"} 3
            a_total{end="done",by="me"} 0
            # HELP b_seconds How long.
            # TYPE b_seconds gauge
            b_seconds 1795262390.424
            """);
  }

  @Test
  void what_would_end_a_label_or_a_line_is_escaped() {
    assertThat(
            new PrometheusText()
                .gauge("a", "One\nor \\ two.")
                .sample("a", 1, "by", "\"me\"\nand \\you")
                .toString())
        .contains("# HELP a One\\nor \\\\ two.\n")
        .endsWith("a{by=\"\\\"me\\\"\\nand \\\\you\"} 1\n");
  }
}
