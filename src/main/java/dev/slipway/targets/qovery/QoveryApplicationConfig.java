package dev.slipway.targets.qovery;

import dev.slipway.model.AttemptLimits;

/** Settings of a deploy of a Qovery application. */
public record QoveryApplicationConfig(
    QoveryAccount account, String applicationId, AttemptLimits limits) {}
