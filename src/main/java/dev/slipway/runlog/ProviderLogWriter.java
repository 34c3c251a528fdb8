package dev.slipway.runlog;

import dev.slipway.model.LogFormat;
import dev.slipway.model.ProviderLine;
import dev.slipway.secret.Redactor;
import dev.slipway.store.Lease;
import dev.slipway.store.LeaseLostException;
import dev.slipway.store.Logs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the lines of a provider's own log to that of a run, redacted like all output, each with the
 * provider's time. A commit holds lines and how far the provider's log is read with them, so no
 * line comes twice and none is missing, whatever dies when. Not safe for use by several threads.
 */
public final class ProviderLogWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderLogWriter.class);
  private static final long LARGEST_END = 64 * 1024L;

  private final Runnable flush;
  private final Logs logs;
  private final Lease lease;
  private final String target;
  private final Redactor redactor;
  private final InstantSource clock;
  private final long limit;
  private final LineAssembler lines;
  private final StringBuilder text = new StringBuilder();
  private Logs.@Nullable ProviderPosition position;
  private Instant at = Instant.EPOCH;
  private long size;
  private long room;

  /**
   * @param limit how many bytes are kept of the provider's log
   * @param flush writes what Slipway said before
   */
  ProviderLogWriter(
      Logs logs,
      Lease lease,
      String target,
      Redactor redactor,
      InstantSource clock,
      long limit,
      Runnable flush) {
    this.flush = flush;
    this.logs = logs;
    this.lease = lease;
    this.target = target;
    this.redactor = redactor;
    this.clock = clock;
    this.limit = limit;
    this.lines = new LineAssembler(redactor, this::keep);
  }

  /** What the target reads on from; empty before the first lines. */
  public Optional<String> cursor() {
    return Optional.of(position().cursor()).filter(cursor -> !cursor.isEmpty());
  }

  /** Whether more lines are kept. */
  public boolean hasRoom() {
    return position().size() < limit;
  }

  /** Adds lines, at most a little more than there is room for; on disk when this returns. */
  public void add(List<ProviderLine> added, String cursor) {
    write("", added, cursor, limit + LARGEST_END);
  }

  /** Adds a note of our own, and the last lines of a log that is longer than what is kept. */
  public void addEnd(String note, List<ProviderLine> added, String cursor) {
    // The limit was reached before, and the end is what tells why a build failed
    write(note, added, cursor, position().size() + LARGEST_END);
  }

  private void write(String note, List<ProviderLine> added, String cursor, long most) {
    Logs.ProviderPosition before = position();
    size = before.size();
    room = most;
    text.setLength(0);
    if (!note.isEmpty()) {
      Instant noted = added.isEmpty() ? clock.instant() : added.getFirst().at();
      text.append(LogFormat.ownLine(noted, redactor.redact(note).text()));
    }
    for (ProviderLine line : added) {
      at = line.at();
      byte[] bytes = (line.text() + "\n").getBytes(StandardCharsets.UTF_8);
      lines.write(bytes, 0, bytes.length);
    }
    lines.rest();
    commit(before, new Logs.ProviderPosition(cursor, size));
  }

  private void keep(String line) {
    String kept = LogFormat.line(at, line);
    size += kept.getBytes(StandardCharsets.UTF_8).length;
    if (size <= room) {
      text.append(kept);
    }
  }

  private void commit(Logs.ProviderPosition before, Logs.ProviderPosition after) {
    // What Slipway said before the lines stands before them
    flush.run();
    try {
      position = null;
      logs.appendProvider(lease, target, before.cursor(), after, text.toString());
      position = after;
    } catch (LeaseLostException e) {
      // The worker that has the run now reads the rest
      LOG.debug("Lines of a provider are dropped: {}", e.getMessage());
    } finally {
      text.setLength(0);
    }
  }

  /** After a commit of which nobody knows what became it is read again. */
  private Logs.ProviderPosition position() {
    if (position == null) {
      position = logs.providerPosition(lease, target);
    }
    return position;
  }
}
