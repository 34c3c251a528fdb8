package dev.slipway.metrics;

import dev.slipway.github.Github;
import dev.slipway.github.GithubHosts;
import dev.slipway.github.GithubRateLimit;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The metrics that this process has in memory: what it refused, and GitHub's rate limits. */
final class ProcessMetrics implements MultiCollector {
  private final Refusals refusals;
  private final GithubHosts githubHosts;

  ProcessMetrics(Refusals refusals, GithubHosts githubHosts) {
    this.refusals = refusals;
    this.githubHosts = githubHosts;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> all = new ArrayList<>(rateLimits());
    all.add(refused());
    return new MetricSnapshots(all);
  }

  /** Nothing before a host has told its limit. */
  private List<MetricSnapshot> rateLimits() {
    GaugeSnapshot.Builder limits =
        Samples.gauge(
            "slipway_github_rate_limit",
            "Calls in an hour that GitHub grants, as of its last answer.");
    GaugeSnapshot.Builder remaining =
        Samples.gauge("slipway_github_rate_limit_remaining", "Calls that were left of them then.");
    boolean isAnyKnown = false;
    for (Github github : githubHosts.all()) {
      Optional<GithubRateLimit> known = github.rateLimit();
      if (known.isPresent()) {
        isAnyKnown = true;
        Samples.add(limits, known.get().limit(), "host", github.host());
        Samples.add(remaining, known.get().remaining(), "host", github.host());
      }
    }
    return isAnyKnown ? List.of(limits.build(), remaining.build()) : List.of();
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
