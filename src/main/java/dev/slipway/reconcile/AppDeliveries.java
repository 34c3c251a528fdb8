package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import dev.slipway.intake.Intake;
import dev.slipway.model.Deployment;
import dev.slipway.model.Repository;
import dev.slipway.reconcile.RecoveryDecider.Result;
import dev.slipway.store.ReconcileState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Recovers what the webhook of the GitHub App failed to deliver: one list for all repositories
 * where the App is installed, also for those of which nothing came in before.
 */
final class AppDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(AppDeliveries.class);
  private static final Duration LOOKED_AT_AGAIN = Duration.ofDays(1);

  /** An App has one webhook, and its settings tell no number of it. */
  private static final long THE_HOOK = 1;

  private final ReadBudget budget;
  private final Intake intake;
  private final ReconcileState state;
  private final RecoveryDecider decider;
  private final HookDeliveries deliveries;

  AppDeliveries(ReadBudget budget, Intake intake, ReconcileState state, RecoveryDecider decider) {
    this.budget = budget;
    this.intake = intake;
    this.state = state;
    this.decider = decider;
    this.deliveries = new HookDeliveries(state, decider);
  }

  /**
   * Checks the App's webhook once.
   *
   * @param watched the repositories that are known, which may have been known for longer
   */
  void check(String host, List<ReconcileState.WatchedRepository> watched)
      throws InterruptedException {
    ReconcileState.WatchedApp app = state.watchedApp(host, decider.now());
    ReconcileState.WebhookState hook = app.hook();
    if (!decider.now().isBefore(hook.askedAt().plus(LOOKED_AT_AGAIN))) {
      hook = lookAt(host, hook);
    }
    if (hook.id() == null) {
      return;
    }
    switch (deliveries.recover(new AppHook(host, app.since(), sinceByName(watched)), hook)) {
      case HookDeliveries.Outcome.Unread _ -> {}
      case HookDeliveries.Outcome.Hidden(int status) -> recordHidden(host, hook, status);
      case HookDeliveries.Outcome.Read(ReconcileState.WebhookState after, _) ->
          state.recordAppWebhook(host, after);
    }
  }

  private static Map<String, Instant> sinceByName(List<ReconcileState.WatchedRepository> watched) {
    return watched.stream()
        .collect(
            Collectors.toMap(
                one -> key(one.repository()), ReconcileState.WatchedRepository::since));
  }

  private static String key(Repository repository) {
    return repository.fullName().toLowerCase(Locale.ROOT);
  }

  /** Whether the App's webhook leads here; an App may have been made for something else. */
  private ReconcileState.WebhookState lookAt(String host, ReconcileState.WebhookState before)
      throws InterruptedException {
    return switch (budget.readAsApp("/app/hook/config", Optional.empty())) {
      case ReadResult.RetryLater _, ReadResult.Unchanged _, ReadResult.TooLarge _ -> before;
      case ReadResult.Hidden(int status) -> recordHidden(host, before, status);
      case ReadResult.Page(JsonNode config, _, _) -> {
        String address = decider.policy().publicBase().get() + "/webhooks/github";
        boolean isOurs = config.path("url").asString("").equals(address);
        if (!isOurs) {
          LOG.info("The webhook of the GitHub App does not lead to {}", address);
        }
        yield record(
            host,
            new ReconcileState.WebhookState(
                isOurs ? THE_HOOK : null,
                decider.now(),
                isOurs ? before.etag() : null,
                before.sweptTo()));
      }
    };
  }

  private ReconcileState.WebhookState recordHidden(
      String host, ReconcileState.WebhookState before, int status) {
    LOG.info("Failed deliveries of the GitHub App cannot be read: GitHub answers {}", status);
    return record(
        host, new ReconcileState.WebhookState(null, decider.now(), null, before.sweptTo()));
  }

  private ReconcileState.WebhookState record(String host, ReconcileState.WebhookState hook) {
    state.recordAppWebhook(host, hook);
    return hook;
  }

  /** The webhook of the App. */
  private final class AppHook implements HookDeliveries.Hook {
    private final String host;
    private final Instant appSince;
    private final Map<String, Instant> sinceByName;

    AppHook(String host, Instant appSince, Map<String, Instant> sinceByName) {
      this.host = host;
      this.appSince = appSince;
      this.sinceByName = sinceByName;
    }

    @Override
    public String host() {
      return host;
    }

    @Override
    public ReadResult newest(Optional<String> etag) throws InterruptedException {
      return budget.readAsApp("/app/hook/deliveries?per_page=100", etag);
    }

    @Override
    public ReadResult page(URI next) throws InterruptedException {
      return budget.readAsApp(next);
    }

    @Override
    public ReadResult delivery(long id) throws InterruptedException {
      return budget.readAsApp("/app/hook/deliveries/" + id, Optional.empty());
    }

    /** Only the event says which repository it is about, and since when that is known. */
    @Override
    public boolean isOurs(Instant deliveredAt) {
      return true;
    }

    @Override
    public String number(JsonNode delivery) {
      String number =
          delivery.path("request").path("headers").path("X-GitHub-Hook-ID").asString("");
      return number.matches("\\d{1,18}") ? number : "";
    }

    @Override
    public Result decide(RecoveredEvent found) throws InterruptedException {
      Optional<Deployment> wanted = intake.candidate(found.host(), found.bytes(), decider.now());
      if (wanted.isEmpty()) {
        return decider.recover(found);
      }
      Repository repository = wanted.get().repository();
      return decider.decideFailedDelivery(
          repository, sinceByName.getOrDefault(key(repository), appSince), found);
    }
  }
}
