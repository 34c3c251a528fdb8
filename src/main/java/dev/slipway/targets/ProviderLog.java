package dev.slipway.targets;

import dev.slipway.model.ProviderLine;
import java.util.List;
import java.util.Optional;

/**
 * What the run's log keeps of the log that the provider itself writes about a deploy. Lines are on
 * disk together with the cursor behind them: whoever reads on from the cursor, after a restart too,
 * adds no line twice and leaves none out.
 */
public interface ProviderLog {
  /** The cursor of the last lines; empty before the first. */
  Optional<String> cursor();

  /** Whether more lines are kept; once false it stays so. */
  boolean hasRoom();

  /**
   * Adds lines, at most a little more than there is room for; on disk when this returns.
   *
   * @param cursor what to read on from, as the target understands it
   */
  void add(List<ProviderLine> lines, String cursor);

  /**
   * Adds the last lines of a log that is longer than what is kept, behind a note about what lies
   * between; only so many bytes of them are kept.
   */
  void addEnd(String note, List<ProviderLine> lines, String cursor);
}
