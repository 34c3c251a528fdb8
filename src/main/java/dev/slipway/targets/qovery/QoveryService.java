package dev.slipway.targets.qovery;

import dev.slipway.model.Deployment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The application or job that is deployed, and in what way. */
record QoveryService(
    QoveryConfig.Kind kind, String id, @Nullable String forceEvent, @Nullable String imageTag) {
  static QoveryService of(QoveryConfig config) {
    return new QoveryService(config.kind(), config.id(), config.forceEvent(), config.imageTag());
  }

  String path() {
    return "/" + kind.word() + "/" + QoveryClient.escaped(id);
  }

  String deployPath() {
    return path()
        + "/deploy"
        + (forceEvent == null ? "" : "?forceEvent=" + QoveryClient.escaped(forceEvent));
  }

  String queuePath() {
    return "/service/" + QoveryClient.escaped(id) + "/deploymentQueue";
  }

  /** What the deployment asks for; empty when that takes a commit and there is none. */
  Optional<QoveryVersion> version(Deployment deployment) {
    String sha = deployment.sha();
    if (imageTag == null) {
      return Optional.ofNullable(sha).map(QoveryVersion.Commit::new);
    }
    if (!imageTag.contains("{sha}")) {
      return Optional.of(new QoveryVersion.Image(imageTag));
    }
    return Optional.ofNullable(sha)
        .map(commit -> new QoveryVersion.Image(imageTag.replace("{sha}", commit)));
  }

  /** Whether the version that is deployed is the deployment's. */
  boolean isPinned() {
    return imageTag == null || imageTag.contains("{sha}");
  }

  /** Where an operator has to look when the outcome cannot be known from here. */
  String toCheck() {
    return "check the deployment history of the " + kind.word() + " in Qovery's console";
  }
}
