package dev.slipway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import org.junit.jupiter.api.Test;

/** The metrics of the JVM, as Prometheus reads them. */
class JvmMetricsTest {
  private final String text =
      PrometheusTextFormatWriter.create().toDebugString(new JvmMetrics().collect());

  @Test
  void memory_is_reported_for_heap_and_the_rest() {
    assertThat(text)
        .containsPattern("\njvm_memory_used_bytes\\{area=\"heap\"} [1-9]")
        .containsPattern("\njvm_memory_used_bytes\\{area=\"nonheap\"} [1-9]")
        .containsPattern("\njvm_memory_max_bytes\\{area=\"heap\"} [1-9]");
  }

  @Test
  void threads_collections_processor_time_and_open_files_are_reported() {
    assertThat(text)
        .containsPattern("\njvm_threads_current [1-9]")
        .containsPattern("\njvm_gc_collection_seconds_count\\{gc=\"[^\"]+\"} \\d")
        .containsPattern("\njvm_gc_collection_seconds_sum\\{gc=\"[^\"]+\"} \\d")
        .containsPattern("\nprocess_cpu_seconds_total [\\d.]+")
        .containsPattern("\nprocess_open_fds [1-9]")
        .containsPattern("\nprocess_max_fds [1-9]");
  }
}
