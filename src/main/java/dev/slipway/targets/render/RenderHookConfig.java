package dev.slipway.targets.render;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the Render deploy hook.
 *
 * @param url the whole hook address; its key makes all of it a secret
 * @param apiUrl base address of Render's API, without {@code /v1}
 * @param apiKey lets the deploy be followed; without it the outcome is untracked
 * @param imageUrl the image to deploy, for image-backed services only; {@code {sha}} in it stands
 *     for the commit
 */
public record RenderHookConfig(
    Secret url,
    URI apiUrl,
    @Nullable Secret apiKey,
    @Nullable String imageUrl,
    AttemptLimits limits) {
  /** The service that the hook deploys; empty when the address is not good. */
  public Optional<String> service() {
    return problemWith(url.reveal(), apiUrl).isPresent()
        ? Optional.empty()
        : Optional.of(HookUrl.of(url.reveal(), apiUrl).service().value());
  }

  /**
   * What is wrong with a deploy hook's address, as a sentence for an operator that never holds the
   * key; empty when nothing is.
   *
   * @param apiUrl the address under which the hook has to be, {@code https://api.render.com} by
   *     default
   */
  public static Optional<String> problemWith(String url, URI apiUrl) {
    return HookUrl.problem(url, apiUrl);
  }
}
