package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import dev.slipway.model.Repository;
import dev.slipway.reconcile.RecoveryDecider.Result;
import dev.slipway.store.ReconcileState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Recovers what a repository's webhook failed to deliver, where the credential may see webhooks.
 */
final class FailedDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(FailedDeliveries.class);
  private static final Duration LIST_AGAIN = Duration.ofDays(1);

  private final ReadBudget budget;
  private final ReconcileState state;
  private final RecoveryDecider decider;
  private final HookDeliveries deliveries;

  FailedDeliveries(ReadBudget budget, ReconcileState state, RecoveryDecider decider) {
    this.budget = budget;
    this.state = state;
    this.decider = decider;
    this.deliveries = new HookDeliveries(state, decider);
  }

  /**
   * Checks a repository once.
   *
   * @return whether GitHub can be asked for more
   */
  boolean check(ReconcileState.WatchedRepository watched) throws InterruptedException {
    ReconcileState.WebhookState hook = watched.hook();
    if (decider.now().isBefore(hook.askedAt().plus(LIST_AGAIN))) {
      return readDeliveries(watched, hook);
    }
    Repository repository = watched.repository();
    return switch (budget.read(repository, "hooks?per_page=100", Optional.empty())) {
      case ReadResult.RetryLater later -> !later.forAll();
      case ReadResult.Unchanged _, ReadResult.TooLarge _ -> true;
      case ReadResult.Hidden(int status) -> {
        recordHidden(repository, hook, status);
        yield true;
      }
      case ReadResult.Page(JsonNode hooks, _, _) ->
          readDeliveries(watched, findWebhook(repository, hooks, hook));
    };
  }

  /** Most credentials may not see webhooks, and need not; so it is said once a day, as a hint. */
  private void recordHidden(Repository repository, ReconcileState.WebhookState hook, int status) {
    LOG.info(
        "Failed deliveries of {} cannot be read: GitHub answers {} (it takes the repository"
            + " permission Webhooks: read)",
        repository.fullName(),
        status);
    state.recordWebhook(
        repository, new ReconcileState.WebhookState(null, decider.now(), null, hook.sweptTo()));
  }

  private ReconcileState.WebhookState findWebhook(
      Repository repository, JsonNode hooks, ReconcileState.WebhookState before) {
    String address = decider.policy().publicBase().get() + "/webhooks/github";
    Long id =
        StreamSupport.stream(hooks.spliterator(), false)
            .filter(hook -> hook.path("config").path("url").asString("").equals(address))
            .map(hook -> hook.path("id").asLong(0))
            .filter(number -> number > 0)
            .findFirst()
            .orElse(null);
    if (id == null) {
      LOG.info("No webhook of {} leads to {}", repository.fullName(), address);
    }
    boolean isSame = id != null && id.equals(before.id());
    ReconcileState.WebhookState hook =
        new ReconcileState.WebhookState(
            id,
            decider.now(),
            isSame ? before.etag() : null,
            isSame ? before.sweptTo() : Instant.EPOCH);
    state.recordWebhook(repository, hook);
    return hook;
  }

  private boolean readDeliveries(
      ReconcileState.WatchedRepository watched, ReconcileState.WebhookState hook)
      throws InterruptedException {
    Long id = hook.id();
    if (id == null) {
      return true;
    }
    Repository repository = watched.repository();
    return switch (deliveries.recover(new RepositoryHook(watched, id), hook)) {
      case HookDeliveries.Outcome.Unread(boolean isUnavailable) -> !isUnavailable;
      case HookDeliveries.Outcome.Hidden(int status) -> {
        recordHidden(repository, hook, status);
        yield true;
      }
      case HookDeliveries.Outcome.Read(
              ReconcileState.WebhookState after,
              boolean isUnavailable) -> {
        state.recordWebhook(repository, after);
        yield !isUnavailable;
      }
    };
  }

  /** The webhook of a repository. */
  private final class RepositoryHook implements HookDeliveries.Hook {
    private final ReconcileState.WatchedRepository watched;
    private final long id;

    RepositoryHook(ReconcileState.WatchedRepository watched, long id) {
      this.watched = watched;
      this.id = id;
    }

    @Override
    public String host() {
      return watched.repository().host();
    }

    @Override
    public ReadResult newest(Optional<String> etag) throws InterruptedException {
      return budget.read(watched.repository(), "hooks/" + id + "/deliveries?per_page=100", etag);
    }

    @Override
    public ReadResult page(URI next) throws InterruptedException {
      return budget.read(watched.repository(), next);
    }

    @Override
    public ReadResult delivery(long delivery) throws InterruptedException {
      return budget.read(
          watched.repository(), "hooks/" + id + "/deliveries/" + delivery, Optional.empty());
    }

    @Override
    public boolean isOurs(Instant deliveredAt) {
      return ReconcilePolicy.isOurs(deliveredAt, watched.since());
    }

    @Override
    public String number(JsonNode delivery) {
      return Long.toString(id);
    }

    @Override
    public Result decide(RecoveredEvent found) throws InterruptedException {
      return decider.decideFailedDelivery(watched.repository(), watched.since(), found);
    }
  }
}
