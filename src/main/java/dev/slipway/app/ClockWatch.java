package dev.slipway.app;

import dev.slipway.store.Outbox;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the machine's clock was set, and follows it once no run is in work: until then their
 * deadlines go by the time that has passed.
 */
final class ClockWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
  private static final Duration TOLERATED = Duration.ofSeconds(1);

  private final SystemTime time;
  private final Outbox outbox;
  private boolean told;

  ClockWatch(SystemTime time, Outbox outbox) {
    this.time = time;
    this.outbox = outbox;
  }

  /**
   * Looks once.
   *
   * @param inWork how many runs measure by our clock
   */
  void look(int inWork) {
    Duration set = time.setBy();
    if (set.abs().compareTo(TOLERATED) <= 0) {
      told = false;
      return;
    }
    if (!told) {
      LOG.warn("The clock was set by {}; deadlines go on by the time that passes", set);
      told = true;
    }
    if (inWork == 0) {
      follow(set);
    }
  }

  /** What waits has to look later rather than earlier for the moment between. */
  private void follow(Duration set) {
    if (set.isNegative()) {
      time.follow();
      outbox.clockWasSet(set);
    } else {
      outbox.clockWasSet(set);
      time.follow();
    }
    LOG.info("Following the clock again");
  }
}
