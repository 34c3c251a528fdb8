/** Metrics for Prometheus: deliveries, runs, statuses that wait, refusals and the JVM. */
@NullMarked
package dev.slipway.metrics;

import org.jspecify.annotations.NullMarked;
