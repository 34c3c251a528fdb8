package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Repository;
import dev.slipway.reconcile.RecoveryDecider.Result;
import dev.slipway.store.ReconcileState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Recovers what a repository's webhook failed to deliver, where the credential may see webhooks.
 *
 * <p>GitHub is not asked to deliver again: a delivery holds the whole event, and it comes in the
 * answer to our own call, which needs no signature. So a permission to read suffices, nothing has
 * to reach our endpoint from outside, no delivery is on its way while we decide, and each event is
 * decided by the rules for recovered events, which never start anything older.
 */
final class FailedDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(FailedDeliveries.class);
  private static final Duration LIST_AGAIN = Duration.ofDays(1);

  private final ReadBudget budget;
  private final ReconcileState state;
  private final RecoveryDecider decider;

  FailedDeliveries(ReadBudget budget, ReconcileState state, RecoveryDecider decider) {
    this.budget = budget;
    this.state = state;
    this.decider = decider;
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
    String path = "hooks/" + id + "/deliveries?per_page=100";
    return switch (budget.read(repository, path, Optional.ofNullable(hook.etag()))) {
      case ReadResult.Unchanged _, ReadResult.TooLarge _ -> true;
      case ReadResult.RetryLater later -> !later.forAll();
      case ReadResult.Hidden(int status) -> {
        recordHidden(repository, hook, status);
        yield true;
      }
      case ReadResult.Page page -> {
        Instant sweptTo = decider.now().minus(decider.policy().grace());
        Result outcome = recoverAll(watched, hook, id, page);
        state.recordWebhook(repository, afterReading(hook, page, outcome, sweptTo));
        yield outcome != Result.UNAVAILABLE;
      }
    };
  }

  /** An ETag is kept only when all is settled, so that "unchanged" means "nothing to do". */
  private static ReconcileState.WebhookState afterReading(
      ReconcileState.WebhookState hook, ReadResult.Page page, Result outcome, Instant sweptTo) {
    return new ReconcileState.WebhookState(
        hook.id(),
        hook.askedAt(),
        outcome == Result.SETTLED ? page.etag().orElse(null) : null,
        outcome == Result.SETTLED ? sweptTo : hook.sweptTo());
  }

  private Result recoverAll(
      ReconcileState.WatchedRepository watched,
      ReconcileState.WebhookState hook,
      long id,
      ReadResult.Page first)
      throws InterruptedException {
    Instant oldest = decider.now().minus(decider.policy().maxAge());
    Instant from = hook.sweptTo().isAfter(oldest) ? hook.sweptTo() : oldest;
    PagedList.Items items =
        PagedList.readBackTo(
            next -> budget.read(watched.repository(), next), first, "delivered_at", from);
    Result all =
        items.isUnavailable()
            ? Result.UNAVAILABLE
            : items.isComplete() ? Result.SETTLED : Result.PENDING;
    for (JsonNode failed : failed(items.all())) {
      if (all != Result.UNAVAILABLE) {
        Result one = recover(watched, id, failed);
        all = one == Result.SETTLED ? all : one;
      }
    }
    return all;
  }

  /**
   * The last attempts that were not answered well, the newest first. GitHub's own filter leaves out
   * those that got no answer at all.
   */
  private static List<JsonNode> failed(List<JsonNode> deliveries) {
    Comparator<JsonNode> age =
        Comparator.comparing((JsonNode delivery) -> PagedList.timestamp(delivery, "delivered_at"))
            .thenComparingLong(delivery -> delivery.path("id").asLong(0));
    Map<String, JsonNode> last = new HashMap<>();
    deliveries.stream()
        .filter(delivery -> delivery.path("event").asString("").equals("deployment"))
        .forEach(
            delivery ->
                last.merge(
                    delivery.path("guid").asString(""),
                    delivery,
                    (one, other) -> age.compare(one, other) >= 0 ? one : other));
    return last.values().stream()
        .filter(delivery -> !delivery.path("status").asString("").equals("OK"))
        .sorted(age.reversed())
        .toList();
  }

  private Result recover(ReconcileState.WatchedRepository watched, long hook, JsonNode delivery)
      throws InterruptedException {
    Instant now = decider.now();
    Instant deliveredAt = PagedList.timestamp(delivery, "delivered_at");
    String guid = delivery.path("guid").asString("");
    if (!decider.policy().isDue(deliveredAt, now)) {
      boolean isLate = deliveredAt.isBefore(now.minus(decider.policy().grace()));
      return isLate ? Result.SETTLED : Result.PENDING;
    }
    boolean isOurs = guid.matches("[\\w.-]{1,100}") && ReconcilePolicy.isOurs(deliveredAt, watched);
    if (!isOurs || state.isDecided(guid)) {
      return Result.SETTLED;
    }
    String path = "hooks/" + hook + "/deliveries/" + delivery.path("id").asLong(0);
    return switch (budget.read(watched.repository(), path, Optional.empty())) {
      case ReadResult.RetryLater later -> later.forAll() ? Result.UNAVAILABLE : Result.PENDING;
      case ReadResult.Hidden _, ReadResult.Unchanged _ -> Result.SETTLED;
      case ReadResult.TooLarge() -> {
        // Its payload alone is more than a deployment may have
        LOG.warn("The failed delivery {} is too large to be read, and is not recovered", guid);
        yield Result.SETTLED;
      }
      case ReadResult.Page(JsonNode item, _, _) ->
          decider.decideFailedDelivery(
              watched,
              new RecoveredEvent(
                  guid, DeliverySource.FAILED_DELIVERY, Long.toString(hook), payload(item)));
    };
  }

  /** A hook that sends forms may have its event as text. */
  private static String payload(JsonNode item) {
    JsonNode payload = item.path("request").path("payload");
    return payload.isString() ? payload.asString() : payload.toString();
  }
}
