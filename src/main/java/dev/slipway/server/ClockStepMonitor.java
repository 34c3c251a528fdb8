package dev.slipway.server;

import dev.slipway.store.Notifications;
import dev.slipway.store.Outboxes;
import dev.slipway.time.SystemTime;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the machine's clock was set, and follows it: at once with what is told to others and
 * asked of them; with runs once none is in work, for until then their deadlines go by the time that
 * has passed.
 */
public final class ClockStepMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(ClockStepMonitor.class);
  private static final Duration TOLERATED = Duration.ofSeconds(1);

  private final SystemTime calendar;
  private final SystemTime running;
  private final Outboxes outboxes;
  private final Notifications notifications;

  /**
   * @param calendar what everything but runs goes by
   * @param running what runs go by
   */
  public ClockStepMonitor(
      SystemTime calendar, SystemTime running, Outboxes outboxes, Notifications notifications) {
    this.calendar = calendar;
    this.running = running;
    this.outboxes = outboxes;
    this.notifications = notifications;
  }

  /**
   * Looks once.
   *
   * @param inWork how many runs measure by our clock
   */
  public void look(int inWork) {
    Duration set = calendar.drift();
    if (isSet(set)) {
      LOG.warn(
          "The clock was set by {} and is followed; deadlines of runs go on by the time that"
              + " passes",
          set);
      follow(set);
    }
    if (inWork == 0 && isSet(running.drift())) {
      running.resync();
    }
  }

  private static boolean isSet(Duration by) {
    return by.abs().compareTo(TOLERATED) > 0;
  }

  /** What waits has to look later rather than earlier for the moment between. */
  private void follow(Duration set) {
    if (set.isNegative()) {
      calendar.resync();
      shiftTimes(set);
    } else {
      shiftTimes(set);
      calendar.resync();
    }
  }

  private void shiftTimes(Duration set) {
    outboxes.shiftTimes(set);
    notifications.shiftTimes(set);
  }
}
