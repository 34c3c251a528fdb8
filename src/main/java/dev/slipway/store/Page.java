package dev.slipway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A part of a long list that is read newest first.
 *
 * @param next where to go on: only rows with a smaller id were not looked at; empty at the end
 */
public record Page<T>(List<T> rows, OptionalLong next) {
  public Page {
    rows = List.copyOf(rows);
  }

  /**
   * Reads on until there are enough rows that are wanted, or too much was read for one call.
   *
   * @param read rows with a smaller id, newest first; none at the end of the list
   */
  static <T> Page<T> of(
      long before,
      int limit,
      int mostReads,
      ToLongFunction<T> id,
      Predicate<T> wanted,
      LongFunction<List<T>> read) {
    List<T> found = new ArrayList<>();
    long from = before;
    for (int i = 0; i < mostReads; i++) {
      List<T> some = read.apply(from);
      if (some.isEmpty()) {
        return new Page<>(found, OptionalLong.empty());
      }
      for (T row : some) {
        from = id.applyAsLong(row);
        if (wanted.test(row)) {
          found.add(row);
          if (found.size() == limit) {
            return new Page<>(found, OptionalLong.of(from));
          }
        }
      }
    }
    return new Page<>(found, OptionalLong.of(from));
  }
}
