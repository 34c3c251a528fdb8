package dev.slipway.targets.render;

import dev.slipway.model.AttemptLimits;
import dev.slipway.secret.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a one-off job.
 *
 * @param apiUrl base address of Render's API, without {@code /v1}
 * @param serviceId {@code srv-…} or {@code crn-…}; the job runs in the last build of this service
 * @param command what is run; from the configuration alone
 * @param plan the instance type; null for that of the service
 */
public record RenderJobConfig(
    URI apiUrl,
    Secret apiKey,
    String serviceId,
    String command,
    @Nullable String plan,
    AttemptLimits limits) {}
