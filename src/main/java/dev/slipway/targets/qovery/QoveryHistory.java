package dev.slipway.targets.qovery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The last deploys of a service. It names commits, but no request ids. */
record QoveryHistory(List<QoveryDeploy> deploys) {
  /** Reads the deploys, without other people's restarts, stops and deletes. */
  static QoveryHistory from(JsonNode json, QoveryVersion wanted, @Nullable String event) {
    List<QoveryDeploy> deploys = new ArrayList<>();
    for (JsonNode result : json.path("results")) {
      String action = result.path("status_details").path("action").stringValue("");
      if (QoveryServiceStatus.isOurs(action, event)) {
        deploys.add(QoveryDeploy.from(result, wanted, event));
      }
    }
    return new QoveryHistory(List.copyOf(deploys));
  }

  /** The newest deploy of the wanted version that was created after the request. */
  Optional<QoveryDeploy> latest(QoveryDeploy.Criteria criteria) {
    return deploys.stream()
        .filter(deploy -> deploy.version().filter(criteria.version()::matches).isPresent())
        .filter(deploy -> deploy.created().filter(criteria.since()::isBefore).isPresent())
        .max(Comparator.comparing(deploy -> deploy.created().orElse(Instant.MIN)));
  }

  /** The deploy with this execution id, if it names its version. */
  Optional<QoveryDeploy> execution(String executionId) {
    return deploys.stream()
        .filter(deploy -> !executionId.isEmpty() && deploy.executionId().equals(executionId))
        .filter(deploy -> deploy.version().isPresent())
        .findFirst();
  }
}
