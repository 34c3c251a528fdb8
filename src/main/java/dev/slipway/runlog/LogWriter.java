package dev.slipway.runlog;

import dev.slipway.model.LogFormat;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Lease;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.Logs;
import dev.slipway.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds lines to one log. Lines are redacted before they leave memory, and are on disk after {@link
 * #flush} or {@link #close}, at the latest a quarter of a second after the next line. A run whose
 * log grows past 8 MiB keeps its beginning and its last lines; the bytes left out between are
 * counted. While the database cannot be written, lines are lost rather than deploys held up, and
 * the log says so.
 */
public final class LogWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
  private static final int LARGEST_LOG = 8 * 1024 * 1024;
  private static final int LARGEST_TAIL = 64 * 1024;
  private static final int LARGEST_BATCH = 64 * 1024;
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");
  private static final Duration OLDEST_BATCH = Duration.ofMillis(250);

  private final Logs logs;
  private final Lease lease;
  private final Redactor redactor;
  private final InstantSource clock;
  private final long providerLimit;
  private final LineAssembler output;
  private final StringBuilder batch = new StringBuilder();
  private final Deque<String> tail = new ArrayDeque<>();
  private Instant batchSince = Instant.EPOCH;
  private long length;
  private long start = -1;
  private long tailSize;
  private long leftOut;

  LogWriter(Logs logs, Lease lease, Redactor redactor, InstantSource clock, long providerLimit) {
    this.logs = logs;
    this.lease = lease;
    this.redactor = redactor;
    this.clock = clock;
    this.providerLimit = providerLimit;
    this.output = new LineAssembler(redactor, line -> add(line, false));
  }

  /** Adds a line of Slipway itself. */
  public synchronized void say(String line) {
    output.flush();
    redactor
        .redact(CONTROLS.matcher(line).replaceAll(" "))
        .text()
        .lines()
        .forEach(text -> add(LogFormat.OWN + text, true));
  }

  /**
   * Adds the lines of a provider's own log to this one; empty when none are kept.
   *
   * @param target whose provider it is
   */
  public Optional<ProviderLogWriter> provider(String target) {
    return providerLimit == 0
        ? Optional.empty()
        : Optional.of(
            new ProviderLogWriter(
                logs, lease, target, redactor, clock, providerLimit, this::flush));
  }

  /** Adds output as it came: any bytes, cut anywhere. */
  public synchronized void output(byte[] bytes, int offset, int length) {
    output.write(bytes, offset, length);
    if (!batch.isEmpty()
        && (batch.length() > LARGEST_BATCH
            || batchSince.plus(OLDEST_BATCH).isBefore(clock.instant()))) {
      flush();
    }
  }

  private void add(String text, boolean always) {
    Instant now = clock.instant();
    String line = LogFormat.line(now, text);
    if (!always && written() + batch.length() > LARGEST_LOG) {
      keepInTail(line);
      return;
    }
    if (batch.isEmpty()) {
      batchSince = now;
    }
    batch.append(line);
  }

  /** The length of this run's log on disk. */
  private long written() {
    if (start < 0) {
      try {
        Logs.Extent extent = logs.extent(lease);
        start = extent.start();
        length = Math.max(length, extent.length());
      } catch (StoreException e) {
        // Lines come before exactness: it is asked again with the next line
        return 0;
      }
    }
    return length - start;
  }

  private void keepInTail(String line) {
    tail.addLast(line);
    tailSize += line.length();
    while (tailSize > LARGEST_TAIL) {
      String dropped = tail.removeFirst();
      tailSize -= dropped.length();
      leftOut += dropped.getBytes(StandardCharsets.UTF_8).length;
    }
  }

  /** Writes every complete line to disk. */
  public synchronized void flush() {
    if (batch.isEmpty()) {
      return;
    }
    try {
      length = logs.append(lease, batch.toString());
      batch.setLength(0);
    } catch (LeaseLostException e) {
      // The worker that has the run now writes the rest
      LOG.debug("Lines are dropped: {}", e.getMessage());
      batch.setLength(0);
    } catch (StoreException e) {
      LOG.debug("A log cannot be written: {}", e.getMessage());
      batchSince = clock.instant();
      if (batch.length() > LARGEST_BATCH) {
        batch.setLength(0);
        batch.append(LogFormat.ownLine(clock.instant(), "lines are missing here"));
      }
    }
  }

  /**
   * Takes the complete lines that are not on disk, for a caller that writes them together with
   * something else, or gives them back.
   */
  public synchronized String take() {
    String lines = batch.toString();
    batch.setLength(0);
    return lines;
  }

  /** Takes back lines from {@link #take} that were not written after all. */
  public synchronized void giveBack(String lines) {
    batch.insert(0, lines);
  }

  /** Writes everything to disk, with the last lines of the output that was left out. */
  @Override
  public synchronized void close() {
    finish();
    flush();
  }

  /**
   * Takes everything as {@link #take} does, with the last lines of the output that was left out.
   */
  public synchronized String takeAll() {
    finish();
    return take();
  }

  private void finish() {
    output.flush();
    if (!tail.isEmpty()) {
      if (leftOut > 0) {
        add(LogFormat.OWN + leftOut + " bytes of output are left out here", true);
      }
      tail.forEach(batch::append);
      tail.clear();
      tailSize = 0;
      leftOut = 0;
    }
  }
}
