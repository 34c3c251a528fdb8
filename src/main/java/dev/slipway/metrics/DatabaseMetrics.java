package dev.slipway.metrics;

import dev.slipway.model.End;
import dev.slipway.model.MissedDeliveries;
import dev.slipway.store.CounterKind;
import dev.slipway.store.Counters;
import dev.slipway.store.Database;
import dev.slipway.store.Notifications;
import dev.slipway.store.Outbox;
import dev.slipway.store.Outboxes;
import dev.slipway.store.WebhookSecrets;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The metrics that are computed from rows when they are scraped. A restart resets none of them, and
 * all replicas on one database report the same values. No label names a repository, an environment,
 * an address or a deployment, so that anybody who can reach the port may read them; of webhook
 * secrets and outgoing webhooks they hold the names that the operator chose, and of GitHub hosts
 * their names.
 */
final class DatabaseMetrics implements MultiCollector {
  private static final List<Notifications.Outcome> TRIED =
      List.of(
          Notifications.Outcome.DELIVERED,
          Notifications.Outcome.FAILED,
          Notifications.Outcome.GIVEN_UP);

  private static final String HOST = "host";

  private final Counters counters;
  private final Outboxes outboxes;
  private final Supplier<List<MissedDeliveries>> missed;
  private final WebhookSecrets secrets;
  private final Notifications notifications;
  private final InstantSource clock;

  DatabaseMetrics(
      Database database,
      Outboxes outboxes,
      Supplier<List<MissedDeliveries>> missed,
      Notifications notifications,
      InstantSource clock) {
    this.counters = new Counters(database);
    this.outboxes = outboxes;
    this.missed = missed;
    this.secrets = new WebhookSecrets(database);
    this.notifications = notifications;
    this.clock = clock;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> all = new ArrayList<>();
    List<Counters.Count> counts = counters.counts();
    all.addAll(counts(counts));
    all.add(runs(counters.runCounts()));
    all.addAll(statuses(outboxes.all(), clock.instant()));
    all.addAll(deliveries(missed.get()));
    all.add(secrets(secrets.uses()));
    all.addAll(notifications(notifications.waiting(), counts));
    return new MetricSnapshots(all);
  }

  private static List<MetricSnapshot> counts(List<Counters.Count> counts) {
    CounterSnapshot.Builder delivered =
        Samples.counter("slipway_deliveries", "Deliveries, by their source and the decision.");
    counts.stream()
        .filter(count -> count.kind() == CounterKind.DELIVERY)
        .forEach(
            count ->
                Samples.add(
                    delivered, count.number(), "source", count.source(), "decision", count.code()));
    // Every end has a sample from the start: Prometheus sees no increase in a first sample
    CounterSnapshot.Builder ended =
        Samples.counter("slipway_runs_ended", "Runs of deployments that have ended, by their end.");
    Arrays.stream(End.Kind.values())
        .map(End.Kind::code)
        .forEach(end -> Samples.add(ended, number(counts, CounterKind.END, end), "end", end));
    return List.of(
        ended.build(),
        delivered.build(),
        Samples.counter(
            "slipway_runs_resumed",
            "Runs that were resumed after a restart or after another process's lease ran out.",
            number(counts, CounterKind.RETAKEN, "")));
  }

  private static long number(List<Counters.Count> counts, CounterKind kind, String word) {
    return counts.stream()
        .filter(count -> count.kind() == kind && count.code().equals(word))
        .mapToLong(Counters.Count::number)
        .sum();
  }

  private static MetricSnapshot runs(Counters.RunCounts runs) {
    GaugeSnapshot.Builder gauge = Samples.gauge("slipway_runs", "Runs that have not ended.");
    Samples.add(gauge, runs.queued(), "state", "queued");
    Samples.add(gauge, runs.running(), "state", "running");
    return gauge.build();
  }

  private static List<MetricSnapshot> statuses(List<Outbox> outboxes, Instant now) {
    GaugeSnapshot.Builder waiting =
        Samples.gauge("slipway_statuses_waiting", "Statuses that a GitHub host has not got yet.");
    GaugeSnapshot.Builder age =
        Samples.gauge(
            "slipway_statuses_waiting_age_seconds", "Age of the oldest of them; 0 without any.");
    GaugeSnapshot.Builder repositories =
        Samples.gauge(
            "slipway_repositories_refused", "Repositories whose statuses GitHub refuses.");
    GaugeSnapshot.Builder refused =
        Samples.gauge(
            "slipway_statuses_refused", "1 while GitHub or something in between refuses all.");
    CounterSnapshot.Builder lost =
        Samples.counter("slipway_statuses_lost", "Statuses that were given up.");
    for (Outbox outbox : outboxes) {
      Outbox.Backlog backlog = outbox.backlog();
      String host = outbox.host();
      Samples.add(waiting, backlog.waiting(), HOST, host);
      Samples.add(age, seconds(backlog, now), HOST, host);
      Samples.add(repositories, backlog.refused(), HOST, host);
      Samples.add(refused, backlog.allRefused() ? 1 : 0, HOST, host);
      Samples.add(lost, backlog.lost(), HOST, host);
    }
    return List.of(
        waiting.build(), age.build(), repositories.build(), refused.build(), lost.build());
  }

  private static double seconds(Outbox.Backlog backlog, Instant now) {
    Instant oldest = backlog.oldest();
    Duration age = oldest == null ? Duration.ZERO : Duration.between(oldest, now);
    return Math.max(0, age.toMillis() / 1000.0);
  }

  private static List<MetricSnapshot> deliveries(List<MissedDeliveries> hosts) {
    GaugeSnapshot.Builder deployments =
        Samples.gauge(
            "slipway_deployments_missed",
            "Deployments that a GitHub host made since its last delivery.");
    GaugeSnapshot.Builder delivered =
        Samples.gauge(
            "slipway_last_delivery_timestamp_seconds",
            "When a GitHub host last delivered anything that is still kept.");
    for (MissedDeliveries missed : hosts) {
      Samples.add(deployments, missed.number(), HOST, missed.host());
      Instant last = missed.lastDelivery();
      if (last != null) {
        Samples.add(delivered, Samples.seconds(last), HOST, missed.host());
      }
    }
    return List.of(deployments.build(), delivered.build());
  }

  /** Nothing without outgoing webhooks; else a sample of every outcome from the start, as above. */
  private static List<MetricSnapshot> notifications(
      Map<String, Long> waiting, List<Counters.Count> counts) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    GaugeSnapshot.Builder gauge =
        Samples.gauge(
            "slipway_notifications_waiting",
            "Notifications that an outgoing webhook has not got yet.");
    CounterSnapshot.Builder tries =
        Samples.counter(
            "slipway_notifications", "Tries to send notifications, by what came of them.");
    waiting.forEach(
        (webhook, number) -> {
          Samples.add(gauge, number, "webhook", webhook);
          for (Notifications.Outcome outcome : TRIED) {
            long tried =
                counts.stream()
                    .filter(count -> count.kind() == CounterKind.NOTIFICATION)
                    .filter(count -> count.source().equals(webhook))
                    .filter(count -> count.code().equals(outcome.code()))
                    .mapToLong(Counters.Count::number)
                    .sum();
            Samples.add(tries, tried, "webhook", webhook, "outcome", outcome.code());
          }
        });
    return List.of(gauge.build(), tries.build());
  }

  private static MetricSnapshot secrets(List<WebhookSecrets.Use> uses) {
    GaugeSnapshot.Builder used =
        Samples.gauge(
            "slipway_webhook_secret_last_used_timestamp_seconds",
            "When a delivery was last signed with a webhook secret, to the minute.");
    uses.forEach(use -> Samples.add(used, Samples.seconds(use.at()), "secret", use.name()));
    return used.build();
  }
}
