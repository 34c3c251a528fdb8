package dev.slipway.targets;

import dev.slipway.model.ProviderLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider's log that is kept in memory; it outlives the targets of a test. */
public final class KeptProviderLog implements ProviderLog {
  public final List<String> lines = new ArrayList<>();
  private final int most;
  private @Nullable String cursor;

  public KeptProviderLog() {
    this(Integer.MAX_VALUE);
  }

  /**
   * @param most how many lines there is room for
   */
  public KeptProviderLog(int most) {
    this.most = most;
  }

  @Override
  public Optional<String> cursor() {
    return Optional.ofNullable(cursor);
  }

  @Override
  public boolean hasRoom() {
    return lines.size() < most;
  }

  @Override
  public void add(List<ProviderLine> added, String next) {
    added.stream().limit(most - lines.size()).map(ProviderLine::text).forEach(lines::add);
    cursor = next;
  }

  @Override
  public void addEnd(String note, List<ProviderLine> added, String next) {
    lines.add("▸ " + note);
    added.stream().map(ProviderLine::text).forEach(lines::add);
    cursor = next;
  }
}
