package dev.slipway.targets.render;

import dev.slipway.model.Deployment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version that a request names: an image, a commit, or neither where Render takes none.
 *
 * @param words for the log
 * @param note what the operator should know about it
 */
record RenderVersion(
    @Nullable String image, @Nullable String commit, String words, Optional<String> note) {
  /**
   * @param facts about the service; empty when Render was not asked or cannot say
   */
  static RenderVersion of(
      Deployment deployment,
      ImageReference image,
      ServiceId service,
      Optional<RenderService> facts) {
    String wanted = image.of(deployment);
    if (wanted != null) {
      Optional<String> note =
          image.namesCommit()
              ? Optional.empty()
              : Optional.of("The commit is not pinned: RENDER_IMAGE_URL holds no {sha}.");
      return new RenderVersion(wanted, null, "image " + wanted, note);
    }
    String unpinned = unpinned(service, facts);
    return unpinned == null
        ? new RenderVersion(null, deployment.sha(), deployment.shortSha(), Optional.empty())
        : new RenderVersion(
            null,
            null,
            unpinned,
            Optional.of("The commit is not pinned: Render deploys " + unpinned + "."));
  }

  private static @Nullable String unpinned(ServiceId service, Optional<RenderService> facts) {
    if (facts.map(RenderService::isImageBacked).orElse(false)) {
      return "the image set for this service";
    }
    boolean isCronJob = service.isCronJob() || facts.map(RenderService::isCronJob).orElse(false);
    return isCronJob ? "the newest commit of a cron job" : null;
  }
}
