package dev.slipway.targets.qovery;

import dev.slipway.model.Limits;

/** Settings of a deploy of a Qovery application. */
public record QoveryApplicationConfig(QoveryAccount account, String applicationId, Limits limits) {}
