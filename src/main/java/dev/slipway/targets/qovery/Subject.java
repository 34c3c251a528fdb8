package dev.slipway.targets.qovery;

import dev.slipway.model.Deployment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The application or job that is deployed, and in what way. */
record Subject(Kind kind, String id, @Nullable String forceEvent, @Nullable String imageTag) {
  enum Kind {
    APPLICATION("application", "QOVERY_APPLICATION_ID"),
    JOB("job", "QOVERY_JOB_ID");

    final String word;
    final String setting;

    Kind(String word, String setting) {
      this.word = word;
      this.setting = setting;
    }
  }

  static Subject application(String id) {
    return new Subject(Kind.APPLICATION, id, null, null);
  }

  static Subject job(QoveryJobConfig config) {
    return new Subject(Kind.JOB, config.jobId(), config.forceEvent(), config.imageTag());
  }

  String path() {
    return "/" + kind.word + "/" + QoveryApi.escaped(id);
  }

  String deployPath() {
    return path()
        + "/deploy"
        + (forceEvent == null ? "" : "?forceEvent=" + QoveryApi.escaped(forceEvent));
  }

  String queuePath() {
    return "/service/" + QoveryApi.escaped(id) + "/deploymentQueue";
  }

  /** What the deployment asks for; empty when that takes a commit and there is none. */
  Optional<Version> version(Deployment deployment) {
    String sha = deployment.sha();
    if (imageTag == null) {
      return Optional.ofNullable(sha).map(Version.Commit::new);
    }
    if (!imageTag.contains("{sha}")) {
      return Optional.of(new Version.Image(imageTag));
    }
    return Optional.ofNullable(sha)
        .map(commit -> new Version.Image(imageTag.replace("{sha}", commit)));
  }

  /** Where an operator has to look when the outcome cannot be known from here. */
  String toCheck() {
    return "check the deployment history of the " + kind.word + " in Qovery's console";
  }
}
