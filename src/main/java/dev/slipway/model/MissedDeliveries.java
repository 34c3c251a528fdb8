package dev.slipway.model;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many deployments a GitHub host made without a delivery that reached us.
 *
 * @param host which host
 * @param number how many deployments for us it made since its last delivery, as last seen
 * @param lastDelivery when it last made a delivery that is still stored, or null
 */
public record MissedDeliveries(String host, int number, @Nullable Instant lastDelivery) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** The notice for an operator who has one host in mind; empty when there is none. */
  public String notice() {
    return notice("GitHub");
  }

  /**
   * The notice for an operator; empty when there is none.
   *
   * @param who what the host is called
   */
  public String notice(String who) {
    if (number == 0) {
      return "";
    }
    String made = number == 1 ? "1 deployment" : number + " deployments";
    String since =
        lastDelivery == null
            ? ", and has delivered none of its events yet"
            : " since the last delivery we got, on " + DAY.format(lastDelivery);
    return who + " made " + made + since + ": look at the webhook's Recent deliveries";
  }
}
