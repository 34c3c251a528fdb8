package dev.slipway.configuration;

import dev.slipway.model.QueuePolicy;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.settings.SettingProblems;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads how the deployments of a route share their line. */
record QueuePolicyReader(SettingProblems problems) {

  /** A value and what it is called where it was given. */
  record Named<T>(String name, T value) {}

  QueuePolicy read(Named<String> policy, Named<Boolean> cancelRunning, boolean skipOlderCommits) {
    QueuePolicy.Mode wanted = policy(policy);
    if (cancelRunning.value() && wanted != QueuePolicy.Mode.LATEST) {
      problems.add(
          cancelRunning.name(),
          "is true, but only with the line \"%s\" does a newer deployment stop an older one; this line is \"%s\""
              .formatted(QueuePolicy.Mode.LATEST.code(), wanted.code()));
    }
    return new QueuePolicy(wanted, cancelRunning.value(), skipOlderCommits);
  }

  private QueuePolicy.Mode policy(Named<String> policy) {
    Optional<QueuePolicy.Mode> known =
        Stream.of(QueuePolicy.Mode.values())
            .filter(p -> p.code().equals(policy.value()))
            .findFirst();
    if (known.isEmpty()) {
      problems.add(
          policy.name(),
          "%s must be one of %s"
              .formatted(
                  SafeExcerpt.of(policy.value()),
                  Stream.of(QueuePolicy.Mode.values())
                      .map(QueuePolicy.Mode::code)
                      .collect(Collectors.joining(", "))));
    }
    return known.orElse(QueuePolicy.Mode.LATEST);
  }
}
