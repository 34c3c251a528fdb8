package dev.slipway.app;

import dev.slipway.model.Line;
import dev.slipway.secret.Excerpt;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads how the deployments of a route share their line. */
record LineReader(Problems problems) {

  /** A value and what it is called where it was given. */
  record Named<T>(String name, T value) {}

  Line read(Named<String> policy, Named<Boolean> cancelRunning, boolean skipOlderCommits) {
    Line.Policy wanted = policy(policy);
    if (cancelRunning.value() && wanted != Line.Policy.LATEST) {
      problems.add(
          cancelRunning.name(),
          "is true, but only with the line \"%s\" does a newer deployment stop an older one; this line is \"%s\""
              .formatted(Line.Policy.LATEST.code(), wanted.code()));
    }
    return new Line(wanted, cancelRunning.value(), skipOlderCommits);
  }

  private Line.Policy policy(Named<String> policy) {
    Optional<Line.Policy> known =
        Stream.of(Line.Policy.values()).filter(p -> p.code().equals(policy.value())).findFirst();
    if (known.isEmpty()) {
      problems.add(
          policy.name(),
          "%s must be one of %s"
              .formatted(
                  Excerpt.of(policy.value()),
                  Stream.of(Line.Policy.values())
                      .map(Line.Policy::code)
                      .collect(Collectors.joining(", "))));
    }
    return known.orElse(Line.Policy.LATEST);
  }
}
