package dev.slipway.targets.render;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.SafeExcerpt;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a deploy through Render's API.
 *
 * @param apiUrl base address of Render's API, without {@code /v1}
 * @param serviceId {@code srv-…} or {@code crn-…}
 * @param imageUrl the image to deploy, for image-backed services only; {@code {sha}} in it stands
 *     for the commit
 * @param rollsBack whether a rollback takes a deploy that Render has
 */
public record RenderApiConfig(
    URI apiUrl,
    Secret apiKey,
    String serviceId,
    ClearCache clearCache,
    @Nullable String imageUrl,
    boolean rollsBack,
    AttemptLimits limits) {
  /** What deploys of a service lead to, in the words of {@code Target.destination}. */
  public static String destination(String serviceId) {
    return "Render service " + serviceId;
  }

  /** What is wrong with a service's id, as a sentence for an operator; empty when nothing is. */
  public static Optional<String> problemWith(String serviceId) {
    if (ServiceId.parse(serviceId).isPresent()) {
      return Optional.empty();
    }
    if (serviceId.startsWith("exs-")) {
      return Optional.of(
          "RENDER_SERVICE_ID is the id of a Blueprint (exs-…), which cannot be deployed. Set it to"
              + " the id of the service (srv-… or crn-…).");
    }
    return Optional.of(
        "RENDER_SERVICE_ID is "
            + SafeExcerpt.of(serviceId)
            + ". It must be srv-… or crn-… and nothing else.");
  }
}
