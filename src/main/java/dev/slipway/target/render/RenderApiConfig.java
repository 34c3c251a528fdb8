package dev.slipway.target.render;

import dev.slipway.model.Limits;
import dev.slipway.secret.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a deploy through Render's API.
 *
 * @param apiUrl base address of Render's API, without {@code /v1}
 * @param serviceId {@code srv-…} or {@code crn-…}
 * @param imageUrl the image to deploy, for image-backed services only
 */
public record RenderApiConfig(
    URI apiUrl,
    Secret apiKey,
    String serviceId,
    ClearCache clearCache,
    @Nullable String imageUrl,
    Limits limits) {}
