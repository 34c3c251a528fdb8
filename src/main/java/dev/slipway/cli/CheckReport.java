package dev.slipway.cli;

import dev.slipway.check.CheckResult;
import dev.slipway.http.JsonCodec;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/** The results of checks as a command prints them. */
final class CheckReport {
  private final List<CheckResult> results;

  CheckReport(List<CheckResult> results) {
    this.results = List.copyOf(results);
  }

  /** A line for each result, and one that counts them. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (CheckResult result : results) {
      text.append(
          "%-8s %s: %s%s%n"
              .formatted(
                  result.outcome().code(),
                  result.subject(),
                  result.detail(),
                  result.advice().isEmpty() ? "" : " → " + result.advice()));
    }
    return text.append(
            "%d ok, %d to look at, %d wrong, %d not checked%n"
                .formatted(
                    count(CheckResult.Outcome.OK),
                    count(CheckResult.Outcome.WARNING),
                    count(CheckResult.Outcome.FAILURE),
                    count(CheckResult.Outcome.SKIPPED)))
        .toString();
  }

  /** The same as an array of objects, for programs. */
  String json() {
    ArrayNode all = JsonCodec.object().putArray("results");
    for (CheckResult result : results) {
      all.addObject()
          .put("check", result.subject())
          .put("result", result.outcome().code())
          .put("detail", result.detail())
          .put("advice", result.advice());
    }
    return all.toPrettyString() + System.lineSeparator();
  }

  /** 1 when something does not work, else 0. */
  int exitCode() {
    return count(CheckResult.Outcome.FAILURE) > 0 ? 1 : 0;
  }

  private long count(CheckResult.Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
