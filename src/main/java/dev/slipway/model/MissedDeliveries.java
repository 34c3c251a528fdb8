package dev.slipway.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many deployments GitHub made without a delivery that reached us.
 *
 * @param number how many deployments for us GitHub made since its last delivery, as last seen
 * @param lastDelivery when GitHub last made a delivery that is still stored, or null
 */
public record MissedDeliveries(int number, @Nullable Instant lastDelivery) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** The notice for an operator; empty when there is none. */
  public String notice() {
    if (number == 0) {
      return "";
    }
    String made = number == 1 ? "1 deployment" : number + " deployments";
    String since =
        lastDelivery == null
            ? ", and has delivered none of its events yet"
            : " since the last delivery we got, on " + DAY.format(lastDelivery);
    return "GitHub made " + made + since + ": look at the webhook's Recent deliveries";
  }
}
