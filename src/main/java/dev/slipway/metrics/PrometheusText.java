package dev.slipway.metrics;

import java.math.BigDecimal;

/**
 * Figures in Prometheus' text format, version 0.0.4. All samples of a metric follow its heading.
 */
final class PrometheusText {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder();

  /** Begins a metric whose value only grows; its name ends in {@code _total}. */
  PrometheusText counter(String name, String help) {
    return heading(name, help, "counter");
  }

  /** Begins a metric whose value goes up and down. */
  PrometheusText gauge(String name, String help) {
    return heading(name, help, "gauge");
  }

  private PrometheusText heading(String name, String help, String type) {
    String told = help.replace("\\", "\\\\").replace("\n", "\\n");
    text.append("# HELP ").append(name).append(' ').append(told).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  /**
   * Adds a number.
   *
   * @param labels names and values in turn
   */
  PrometheusText sample(String name, long value, String... labels) {
    return sample(name, Long.toString(value), labels);
  }

  /**
   * Adds a time, or a span of time, in seconds.
   *
   * @param labels names and values in turn
   */
  PrometheusText seconds(String name, long millis, String... labels) {
    return sample(name, BigDecimal.valueOf(millis, 3).toPlainString(), labels);
  }

  private PrometheusText sample(String name, String value, String... labels) {
    text.append(name);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      text.append(escaped(labels[i + 1])).append('"');
    }
    text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
    return this;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
