package dev.slipway.metrics;

import dev.slipway.github.Github;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/** The metrics that this process has in memory: what it refused, and GitHub's rate limit. */
final class ProcessMetrics implements MultiCollector {
  private final Refusals refusals;
  private final Github github;

  ProcessMetrics(Refusals refusals, Github github) {
    this.refusals = refusals;
    this.github = github;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> all = new ArrayList<>();
    github
        .rateLimit()
        .ifPresent(
            limit -> {
              all.add(
                  Samples.gauge(
                      "slipway_github_rate_limit",
                      "Calls in an hour that GitHub grants, as of its last answer.",
                      limit.limit()));
              all.add(
                  Samples.gauge(
                      "slipway_github_rate_limit_remaining",
                      "Calls that were left of them then.",
                      limit.remaining()));
            });
    all.add(refused());
    return new MetricSnapshots(all);
  }

  private MetricSnapshot refused() {
    CounterSnapshot.Builder refused =
        Samples.counter(
            "slipway_refused",
            "What this process has not let in since it started, by endpoint and cause.");
    for (Refusal refusal : Refusal.values()) {
      Samples.add(
          refused,
          refusals.count(refusal),
          "endpoint",
          refusal.endpoint(),
          "cause",
          refusal.cause());
    }
    return refused.build();
  }
}
