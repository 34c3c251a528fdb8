package dev.slipway.notification;

import dev.slipway.store.StoredDeployment;
import java.util.Optional;
import java.util.function.Function;

/**
 * The addresses that a notification tells.
 *
 * @param state where the API tells of a deployment
 * @param log the signed address of its log page; empty when log links are off
 */
public record NotificationLinks(
    Function<StoredDeployment, String> state, Function<StoredDeployment, Optional<String>> log) {
  /** The same for a receiver that is told no addresses of log pages. */
  NotificationLinks withoutLog() {
    return new NotificationLinks(state, _ -> Optional.empty());
  }
}
