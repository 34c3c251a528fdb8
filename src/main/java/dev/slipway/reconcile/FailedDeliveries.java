package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import dev.slipway.model.DeliverySource;
import dev.slipway.model.Repository;
import dev.slipway.reconcile.RecoveryDecider.Outcome;
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
 * Takes what a repository's webhook failed to deliver, where the credential may see webhooks.
 *
 * <p>GitHub is not asked to deliver again: a delivery holds the whole event, and it comes in the
 * answer to our own call, which needs no signature. So reading suffices as a permission, nothing
 * has to reach our door from outside, no delivery is on its way while we decide, and each event is
 * decided about by the rules for what was found, which never start anything older.
 */
final class FailedDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(FailedDeliveries.class);
  private static final Duration LIST_AGAIN = Duration.ofDays(1);

  private final ReadBudget budget;
  private final ReconcileState watch;
  private final RecoveryDecider takeover;

  FailedDeliveries(ReadBudget budget, ReconcileState watch, RecoveryDecider takeover) {
    this.budget = budget;
    this.watch = watch;
    this.takeover = takeover;
  }

  /**
   * Looks once.
   *
   * @return whether GitHub can be asked for more
   */
  boolean look(ReconcileState.WatchedRepository watched) throws InterruptedException {
    ReconcileState.WebhookState hook = watched.hook();
    if (takeover.now().isBefore(hook.askedAt().plus(LIST_AGAIN))) {
      return sweep(watched, hook);
    }
    Repository repository = watched.repository();
    return switch (budget.read(repository, "hooks?per_page=100", Optional.empty())) {
      case ReadResult.Later later -> !later.everything();
      case ReadResult.Unchanged _, ReadResult.TooLarge _ -> true;
      case ReadResult.Hidden(int status) -> {
        forget(repository, hook, status);
        yield true;
      }
      case ReadResult.Page(JsonNode hooks, _, _) -> sweep(watched, listed(repository, hooks, hook));
    };
  }

  /** Most credentials may not see webhooks, and need not; so it is said once a day, as a hint. */
  private void forget(Repository repository, ReconcileState.WebhookState hook, int status) {
    LOG.info(
        "Failed deliveries of {} cannot be read: GitHub answers {} (it takes the repository"
            + " permission Webhooks: read)",
        repository.fullName(),
        status);
    watch.recordWebhook(
        repository, new ReconcileState.WebhookState(null, takeover.now(), null, hook.sweptTo()));
  }

  private ReconcileState.WebhookState listed(
      Repository repository, JsonNode hooks, ReconcileState.WebhookState before) {
    String address = takeover.terms().publicBase().get() + "/webhooks/github";
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
            takeover.now(),
            isSame ? before.etag() : null,
            isSame ? before.sweptTo() : Instant.EPOCH);
    watch.recordWebhook(repository, hook);
    return hook;
  }

  private boolean sweep(ReconcileState.WatchedRepository watched, ReconcileState.WebhookState hook)
      throws InterruptedException {
    Long id = hook.id();
    if (id == null) {
      return true;
    }
    Repository repository = watched.repository();
    String path = "hooks/" + id + "/deliveries?per_page=100";
    return switch (budget.read(repository, path, Optional.ofNullable(hook.etag()))) {
      case ReadResult.Unchanged _, ReadResult.TooLarge _ -> true;
      case ReadResult.Later later -> !later.everything();
      case ReadResult.Hidden(int status) -> {
        forget(repository, hook, status);
        yield true;
      }
      case ReadResult.Page page -> {
        Instant sweptTo = takeover.now().minus(takeover.terms().grace());
        Outcome outcome = all(watched, hook, id, page);
        watch.recordWebhook(repository, swept(hook, page, outcome, sweptTo));
        yield outcome != Outcome.REFUSED;
      }
    };
  }

  /** An ETag is kept only when all is settled, so that "unchanged" means "nothing to do". */
  private static ReconcileState.WebhookState swept(
      ReconcileState.WebhookState hook, ReadResult.Page page, Outcome outcome, Instant sweptTo) {
    return new ReconcileState.WebhookState(
        hook.id(),
        hook.askedAt(),
        outcome == Outcome.SETTLED ? page.etag().orElse(null) : null,
        outcome == Outcome.SETTLED ? sweptTo : hook.sweptTo());
  }

  private Outcome all(
      ReconcileState.WatchedRepository watched,
      ReconcileState.WebhookState hook,
      long id,
      ReadResult.Page first)
      throws InterruptedException {
    Instant oldest = takeover.now().minus(takeover.terms().maxAge());
    Instant from = hook.sweptTo().isAfter(oldest) ? hook.sweptTo() : oldest;
    PagedList.Items items = PagedList.from(budget, first, "delivered_at", from);
    Outcome all =
        items.isRefused() ? Outcome.REFUSED : items.isWhole() ? Outcome.SETTLED : Outcome.OPEN;
    for (JsonNode failed : failed(items.all())) {
      if (all != Outcome.REFUSED) {
        Outcome one = consider(watched, id, failed);
        all = one == Outcome.SETTLED ? all : one;
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
        Comparator.comparing((JsonNode delivery) -> PagedList.at(delivery, "delivered_at"))
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

  private Outcome consider(ReconcileState.WatchedRepository watched, long hook, JsonNode delivery)
      throws InterruptedException {
    Instant now = takeover.now();
    Instant deliveredAt = PagedList.at(delivery, "delivered_at");
    String guid = delivery.path("guid").asString("");
    if (!takeover.terms().isDue(deliveredAt, now)) {
      boolean isLate = deliveredAt.isBefore(now.minus(takeover.terms().grace()));
      return isLate ? Outcome.SETTLED : Outcome.OPEN;
    }
    boolean isOurs = guid.matches("[\\w.-]{1,100}") && ReconcilePolicy.isOurs(deliveredAt, watched);
    if (!isOurs || watch.isDecided(guid)) {
      return Outcome.SETTLED;
    }
    String path = "hooks/" + hook + "/deliveries/" + delivery.path("id").asLong(0);
    return switch (budget.read(watched.repository(), path, Optional.empty())) {
      case ReadResult.Later later -> later.everything() ? Outcome.REFUSED : Outcome.OPEN;
      case ReadResult.Hidden _, ReadResult.Unchanged _ -> Outcome.SETTLED;
      case ReadResult.TooLarge() -> {
        // Its payload alone is more than a deployment may have
        LOG.warn("The failed delivery {} is too large to be read, and is left", guid);
        yield Outcome.SETTLED;
      }
      case ReadResult.Page(JsonNode item, _, _) ->
          takeover.deliver(
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
