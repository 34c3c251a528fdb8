package dev.slipway.reconcile;

import dev.slipway.github.ReadResult;
import dev.slipway.model.DeliverySource;
import dev.slipway.reconcile.RecoveryDecider.Result;
import dev.slipway.store.ReconcileState;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Reads what one webhook failed to deliver.
 *
 * <p>GitHub is not asked to deliver again: a delivery holds the whole event, and it comes in the
 * answer to our own call, which needs no signature. So a permission to read suffices, nothing has
 * to reach our endpoint from outside, no delivery is on its way while we decide, and each event is
 * decided by the rules for recovered events, which never start anything older.
 */
final class HookDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(HookDeliveries.class);

  private final ReconcileState state;
  private final RecoveryDecider decider;

  HookDeliveries(ReconcileState state, RecoveryDecider decider) {
    this.state = state;
    this.decider = decider;
  }

  /** A webhook whose deliveries can be read. */
  interface Hook {
    /** The GitHub host that it is at. */
    String host();

    /** The newest deliveries. */
    ReadResult newest(Optional<String> etag) throws InterruptedException;

    /** The deliveries before. */
    ReadResult page(URI next) throws InterruptedException;

    /** One delivery, with its event. */
    ReadResult delivery(long id) throws InterruptedException;

    /** Whether events of this time are for us, whatever they are about. */
    boolean isOurs(Instant deliveredAt);

    /** GitHub's number of the webhook that made a delivery; empty if it is not known. */
    String number(JsonNode delivery);

    /** Decides about an event that was not delivered. */
    Result decide(RecoveredEvent found) throws InterruptedException;
  }

  /** What came of reading. */
  sealed interface Outcome {
    /**
     * As far as it could be read.
     *
     * @param isUnavailable whether GitHub accepts no more calls
     */
    record Read(ReconcileState.WebhookState state, boolean isUnavailable) implements Outcome {}

    /** There is nothing new, or it cannot be read now. */
    record Unread(boolean isUnavailable) implements Outcome {}

    /** The credential may not see the deliveries. */
    record Hidden(int status) implements Outcome {}
  }

  /** Recovers what failed since the last time. */
  Outcome recover(Hook hook, ReconcileState.WebhookState before) throws InterruptedException {
    return switch (hook.newest(Optional.ofNullable(before.etag()))) {
      case ReadResult.Unchanged _, ReadResult.TooLarge _ -> new Outcome.Unread(false);
      case ReadResult.RetryLater later -> new Outcome.Unread(later.forAll());
      case ReadResult.Hidden(int status) -> new Outcome.Hidden(status);
      case ReadResult.Page page -> {
        Instant sweptTo = decider.now().minus(decider.policy().grace());
        Result all = recoverAll(hook, before, page);
        yield new Outcome.Read(after(before, page, all, sweptTo), all == Result.UNAVAILABLE);
      }
    };
  }

  /** An ETag is kept only when all is settled, so that "unchanged" means "nothing to do". */
  private static ReconcileState.WebhookState after(
      ReconcileState.WebhookState before, ReadResult.Page page, Result outcome, Instant sweptTo) {
    return new ReconcileState.WebhookState(
        before.id(),
        before.askedAt(),
        outcome == Result.SETTLED ? page.etag().orElse(null) : null,
        outcome == Result.SETTLED ? sweptTo : before.sweptTo());
  }

  private Result recoverAll(Hook hook, ReconcileState.WebhookState before, ReadResult.Page first)
      throws InterruptedException {
    Instant oldest = decider.now().minus(decider.policy().maxAge());
    Instant from = before.sweptTo().isAfter(oldest) ? before.sweptTo() : oldest;
    PagedList.Items items = PagedList.readBackTo(hook::page, first, "delivered_at", from);
    Result all =
        items.isUnavailable()
            ? Result.UNAVAILABLE
            : items.isComplete() ? Result.SETTLED : Result.PENDING;
    for (JsonNode failed : failed(items.all())) {
      if (all != Result.UNAVAILABLE) {
        Result one = recover(hook, failed);
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

  private Result recover(Hook hook, JsonNode delivery) throws InterruptedException {
    Instant now = decider.now();
    Instant deliveredAt = PagedList.timestamp(delivery, "delivered_at");
    String guid = delivery.path("guid").asString("");
    if (!decider.policy().isDue(deliveredAt, now)) {
      boolean isLate = deliveredAt.isBefore(now.minus(decider.policy().grace()));
      return isLate ? Result.SETTLED : Result.PENDING;
    }
    if (!guid.matches("[\\w.-]{1,100}") || !hook.isOurs(deliveredAt) || state.isDecided(guid)) {
      return Result.SETTLED;
    }
    return switch (hook.delivery(delivery.path("id").asLong(0))) {
      case ReadResult.RetryLater later -> later.forAll() ? Result.UNAVAILABLE : Result.PENDING;
      case ReadResult.Hidden _, ReadResult.Unchanged _ -> Result.SETTLED;
      case ReadResult.TooLarge() -> {
        // Its payload alone is more than a deployment may have
        LOG.warn("The failed delivery {} is too large to be read, and is not recovered", guid);
        yield Result.SETTLED;
      }
      case ReadResult.Page(JsonNode item, _, _) ->
          hook.decide(
              new RecoveredEvent(
                  hook.host(),
                  guid,
                  DeliverySource.FAILED_DELIVERY,
                  hook.number(item),
                  payload(item)));
    };
  }

  /** A hook that sends forms may have its event as text. */
  private static String payload(JsonNode item) {
    JsonNode payload = item.path("request").path("payload");
    return payload.isString() ? payload.asString() : payload.toString();
  }
}
