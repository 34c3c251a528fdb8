package dev.slipway.targets.render;

import dev.slipway.model.Deployment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The image of the configuration, in which {@code {sha}} stands for the commit. */
record ImageReference(@Nullable String template) {
  private static final String COMMIT = "{sha}";

  /** Why there is no image to name for this deployment. */
  Optional<String> problem(Deployment deployment) {
    return template != null && template.contains(COMMIT) && deployment.sha() == null
        ? Optional.of(
            "the image "
                + template
                + " needs a commit for {sha}, and the deployment names none; name a commit")
        : Optional.empty();
  }

  /** Whether another commit has another image. */
  boolean namesCommit() {
    return template != null && template.contains(COMMIT);
  }

  @Nullable String of(Deployment deployment) {
    String sha = deployment.sha();
    return template == null || sha == null ? template : template.replace(COMMIT, sha);
  }
}
