package dev.slipway.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Collects problems of settings, so that all are listed at once, and warnings of what is allowed
 * but probably not meant. One that is found twice is listed once.
 */
public final class SettingProblems {
  private final Collection<String> all = new LinkedHashSet<>();
  private final Collection<String> warnings = new LinkedHashSet<>();

  /** Adds a problem: names the setting, and what to change; never shows a secret's value. */
  public void add(String setting, String what) {
    all.add(setting + ": " + what);
  }

  public void warn(String warning) {
    warnings.add(warning);
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  public List<String> list() {
    return List.copyOf(all);
  }

  /** The known name that is nearest to a wrong one, if it is near enough. */
  static Optional<String> nearest(String written, Stream<String> known, int furthest) {
    return known
        .filter(name -> distance(name, written) <= furthest)
        .min(Comparator.comparingInt(name -> distance(name, written)));
  }

  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + same);
        diagonal = above;
      }
    }
    return row[other.length()];
  }
}
