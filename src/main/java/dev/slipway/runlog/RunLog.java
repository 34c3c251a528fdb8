package dev.slipway.runlog;

import dev.slipway.secret.Redactor;
import dev.slipway.store.Lease;
import dev.slipway.store.Logs;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The logs of deployments. A log is text in the lines of {@link dev.slipway.model.LogFormat}.
 * Offsets count bytes of UTF-8; {@code Last-Event-ID} holds one.
 */
public final class RunLog {
  private final Logs logs;
  private final Redactor redactor;
  private final InstantSource clock;
  private final long providerLimit;

  /** Logs that keep up to 1 MiB of a provider's own. */
  public RunLog(Logs logs, Redactor redactor, InstantSource clock) {
    this(logs, redactor, clock, 1024 * 1024L);
  }

  /**
   * @param providerLimit how many bytes are kept of the log that a provider itself writes about a
   *     deploy; 0 for none
   */
  public RunLog(Logs logs, Redactor redactor, InstantSource clock, long providerLimit) {
    this.logs = logs;
    this.redactor = redactor;
    this.clock = clock;
    this.providerLimit = providerLimit;
  }

  /**
   * Opens the log of a run for adding; lines that are added after the lease was lost are dropped.
   */
  public LogWriter writer(Lease lease) {
    return new LogWriter(logs, lease, redactor, clock, providerLimit);
  }

  /**
   * The line that stands for a log that was removed for its age.
   *
   * @param kept the retention of logs; whole days
   */
  public static String removalNotice(Duration kept) {
    long days = kept.toDays();
    return "The log was removed after " + (days == 1 ? "1 day" : days + " days");
  }

  /** Reads about so many bytes from an offset on. */
  public Logs.Piece read(long deploymentId, long from, int limit) {
    return logs.read(deploymentId, from, limit);
  }

  /** The log's length in bytes. */
  public long length(long deploymentId) {
    return logs.length(deploymentId);
  }
}
