package dev.slipway.target.render;

import dev.slipway.model.Limits;
import dev.slipway.secret.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the Render deploy hook.
 *
 * @param url the whole hook address; its key makes all of it a secret
 * @param apiUrl base address of Render's API, without {@code /v1}
 * @param apiKey lets the deploy be followed; without it the outcome is untracked
 * @param imageUrl the image to deploy, for image-backed services only
 */
public record RenderHookConfig(
    Secret url, URI apiUrl, @Nullable Secret apiKey, @Nullable String imageUrl, Limits limits) {}
