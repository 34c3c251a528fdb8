package dev.slipway.metrics;

import dev.slipway.github.Github;
import dev.slipway.github.GithubRateLimit;
import dev.slipway.model.End;
import dev.slipway.refusal.Refusal;
import dev.slipway.refusal.Refusals;
import dev.slipway.store.CounterKind;
import dev.slipway.store.Counters;
import dev.slipway.store.MissedDeliveries;
import dev.slipway.store.Outbox;
import dev.slipway.store.ReconcileState;
import dev.slipway.store.WebhookSecrets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What Slipway tells of itself. Names no repository, environment, address or deployment, so that it
 * may be read by whoever can reach the port; of webhook secrets only what their operator calls
 * them.
 */
final class Metrics {
  private final Counters tally;
  private final Outbox outbox;
  private final ReconcileState watch;
  private final WebhookSecrets secrets;
  private final Github github;

  private final Refusals refusals;

  Metrics(
      Counters tally,
      Outbox outbox,
      ReconcileState watch,
      WebhookSecrets secrets,
      Github github,
      Refusals refusals) {
    this.tally = tally;
    this.secrets = secrets;
    this.outbox = outbox;
    this.watch = watch;
    this.github = github;
    this.refusals = refusals;
  }

  String at(Instant now) {
    PrometheusText out = new PrometheusText();
    counts(out, tally.counts());
    line(out, tally.runCounts());
    waiting(out, outbox.backlog(), now);
    silence(out, watch.missedDeliveries());
    used(out, secrets.uses());
    allowance(out, github.allowance());
    refused(out, refusals);
    return out.toString();
  }

  private static void counts(PrometheusText out, List<Counters.Count> counts) {
    String ended = "slipway_runs_ended_total";
    out.counter(ended, "Runs of deployments that have ended, by their end.");
    // From nought on, or the first of a sort would not be seen as an increase
    for (End.Kind end : End.Kind.values()) {
      out.sample(ended, number(counts, CounterKind.END, end.code()), "end", end.code());
    }
    String delivered = "slipway_deliveries_total";
    out.counter(delivered, "Deliveries and findings, by their source and the decision.");
    counts.stream()
        .filter(count -> count.kind() == CounterKind.DELIVERY)
        .forEach(
            count ->
                out.sample(
                    delivered, count.number(), "source", count.source(), "decision", count.word()));
    out.counter(
            "slipway_runs_retaken_total",
            "How often a run was taken up again: after a restart, or when a lease had run out.")
        .sample("slipway_runs_retaken_total", number(counts, CounterKind.RETAKEN, ""));
  }

  private static long number(List<Counters.Count> counts, CounterKind kind, String word) {
    return counts.stream()
        .filter(count -> count.kind() == kind && count.word().equals(word))
        .mapToLong(Counters.Count::number)
        .sum();
  }

  private static void line(PrometheusText out, Counters.RunCounts line) {
    out.gauge("slipway_runs", "Runs that have not ended.")
        .sample("slipway_runs", line.queued(), "state", "queued")
        .sample("slipway_runs", line.running(), "state", "running");
  }

  private static void waiting(PrometheusText out, Outbox.Backlog backlog, Instant now) {
    Instant oldest = backlog.oldest();
    Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, now);
    out.gauge("slipway_statuses_waiting", "Statuses that GitHub has not got yet.")
        .sample("slipway_statuses_waiting", backlog.waiting())
        .gauge("slipway_statuses_waiting_age_seconds", "Age of the oldest of them; 0 without any.")
        .seconds("slipway_statuses_waiting_age_seconds", Math.max(0, age.toMillis()))
        .gauge("slipway_repositories_refused", "Repositories whose statuses GitHub refuses.")
        .sample("slipway_repositories_refused", backlog.refused())
        .gauge("slipway_statuses_refused", "1 while GitHub or something in between refuses all.")
        .sample("slipway_statuses_refused", backlog.allRefused() ? 1 : 0)
        .counter("slipway_statuses_lost_total", "Statuses that were given up.")
        .sample("slipway_statuses_lost_total", backlog.lost());
  }

  private static void silence(PrometheusText out, MissedDeliveries silence) {
    out.gauge(
            "slipway_deployments_unheard", "Deployments that GitHub made since its last delivery.")
        .sample("slipway_deployments_unheard", silence.number());
    Instant last = silence.lastDelivery();
    if (last != null) {
      out.gauge(
              "slipway_last_delivery_timestamp_seconds",
              "When GitHub last delivered anything that is still kept.")
          .seconds("slipway_last_delivery_timestamp_seconds", last.toEpochMilli());
    }
  }

  private static void used(PrometheusText out, List<WebhookSecrets.Use> uses) {
    String name = "slipway_webhook_secret_last_used_timestamp_seconds";
    out.gauge(name, "When a delivery was last signed with a webhook secret, to the minute.");
    uses.forEach(use -> out.seconds(name, use.at().toEpochMilli(), "secret", use.name()));
  }

  private static void refused(PrometheusText out, Refusals refusals) {
    String name = "slipway_refused_total";
    out.counter(name, "What this process has not let in since it started, by door and cause.");
    for (Refusal refusal : Refusal.values()) {
      out.sample(name, refusals.count(refusal), "door", refusal.door(), "cause", refusal.cause());
    }
  }

  private static void allowance(PrometheusText out, Optional<GithubRateLimit> allowance) {
    allowance.ifPresent(
        left ->
            out.gauge(
                    "slipway_github_allowance",
                    "Calls in an hour that GitHub grants, as this process was last told.")
                .sample("slipway_github_allowance", left.limit())
                .gauge("slipway_github_allowance_left", "Calls that were left of them then.")
                .sample("slipway_github_allowance_left", left.remaining()));
  }
}
