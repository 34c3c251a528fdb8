package dev.slipway.targets.render;

import dev.slipway.model.Deployment;
import dev.slipway.targets.AttemptLog;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version that a request names: an image, a commit, or neither where Render takes none.
 *
 * @param words for the log
 */
record RequestedVersion(@Nullable String image, @Nullable String commit, String words) {
  /**
   * What to ask for, told to the log where it is not the deployment's commit.
   *
   * @param facts about the service; empty when Render was not asked or cannot say
   */
  static RequestedVersion of(
      Deployment deployment,
      ImageReference image,
      ServiceId service,
      Optional<RenderService> facts,
      AttemptLog log) {
    String wanted = image.of(deployment);
    if (wanted != null) {
      if (!image.namesCommit()) {
        log.log("The commit is not pinned: RENDER_IMAGE_URL holds no {sha}.");
      }
      return new RequestedVersion(wanted, null, "image " + wanted);
    }
    String unpinned = unpinned(service, facts);
    if (unpinned != null) {
      log.log("The commit is not pinned: Render deploys " + unpinned + ".");
      return new RequestedVersion(null, null, unpinned);
    }
    return new RequestedVersion(null, deployment.sha(), deployment.shortSha());
  }

  private static @Nullable String unpinned(ServiceId service, Optional<RenderService> facts) {
    if (facts.map(RenderService::isImageBacked).orElse(false)) {
      return "the image set for this service";
    }
    boolean isCronJob = service.isCronJob() || facts.map(RenderService::isCronJob).orElse(false);
    return isCronJob ? "the newest commit of a cron job" : null;
  }
}
