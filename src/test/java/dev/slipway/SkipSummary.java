package dev.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells at the end of a build what {@link SkippedTests} counted; needs no class but its own. */
public final class SkipSummary {
  static final Path FILE = Path.of("target", "skipped-tests.txt");

  private SkipSummary() {}

  /** Says what all processes that ran tests have counted since the last time, and forgets it. */
  public static void main(String[] arguments) throws IOException {
    told(Files.exists(FILE) ? Files.readAllLines(FILE) : List.of()).forEach(System.out::println);
    Files.deleteIfExists(FILE);
  }

  /** A sentence, and a line for each reason. */
  static List<String> told(List<String> lines) {
    Map<String, Long> all =
        lines.stream()
            // A build that failed left its own behind
            .distinct()
            .map(line -> line.split("\t", 3))
            .collect(
                Collectors.groupingBy(
                    parts -> parts[1],
                    TreeMap::new,
                    Collectors.summingLong(parts -> Long.parseLong(parts[0]))));
    if (all.isEmpty()) {
      return List.of("No tests were skipped.");
    }
    long count = all.values().stream().mapToLong(Long::longValue).sum();
    List<String> told = new ArrayList<>();
    told.add("Skipped " + count + (count == 1 ? " test:" : " tests:"));
    all.forEach((reason, number) -> told.add("  " + number + ": " + reason));
    return told;
  }
}
