package dev.slipway.target.qovery;

import dev.slipway.model.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a deploy of a Qovery job.
 *
 * @param forceEvent {@code START}, {@code STOP}, {@code DELETE}, {@code CRON}, or null
 * @param imageTag the tag to deploy for a job that comes from an image registry; {@code {sha}} in
 *     it stands for the commit. Null for a job that comes from git
 */
public record QoveryJobConfig(
    QoveryAccount account,
    String jobId,
    @Nullable String forceEvent,
    @Nullable String imageTag,
    Limits limits) {}
