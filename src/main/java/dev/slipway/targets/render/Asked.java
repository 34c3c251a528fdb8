package dev.slipway.targets.render;

import dev.slipway.model.Deployment;
import dev.slipway.targets.Lines;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version that a request names: an image, a commit, or neither where Render takes none.
 *
 * @param words for the log
 */
record Asked(@Nullable String image, @Nullable String commit, String words) {
  /**
   * What to ask for, told to the log where it is not the deployment's commit.
   *
   * @param facts about the service; empty when Render was not asked or cannot say
   */
  static Asked of(
      Deployment deployment,
      Image image,
      ServiceId service,
      Optional<ServiceFacts> facts,
      Lines log) {
    String wanted = image.of(deployment);
    if (wanted != null) {
      if (!image.namesCommit()) {
        log.say("The commit is not pinned: RENDER_IMAGE_URL holds no {sha}.");
      }
      return new Asked(wanted, null, "image " + wanted);
    }
    String unpinned = unpinned(service, facts);
    if (unpinned != null) {
      log.say("The commit is not pinned: Render deploys " + unpinned + ".");
      return new Asked(null, null, unpinned);
    }
    return new Asked(null, deployment.sha(), deployment.shortSha());
  }

  private static @Nullable String unpinned(ServiceId service, Optional<ServiceFacts> facts) {
    if (facts.map(ServiceFacts::isImageBacked).orElse(false)) {
      return "the image set for this service";
    }
    boolean isCronJob = service.isCronJob() || facts.map(ServiceFacts::isCronJob).orElse(false);
    return isCronJob ? "the newest commit of a cron job" : null;
  }
}
