package dev.slipway.model;

import org.jspecify.annotations.Nullable;

/**
 * Where commands of Slipway itself run, and leave what is needed to follow them: a folder on one
 * host. What was started on one cannot be seen from another.
 *
 * @param id never the same for two hosts
 * @param name the operator's name for it
 * @param boot which boot of the host it is: what was left there in another one may be lost; null
 *     where the system does not tell
 */
public record CommandHost(String id, String name, @Nullable String boot) {}
