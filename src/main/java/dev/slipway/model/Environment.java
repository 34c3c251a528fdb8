package dev.slipway.model;

/**
 * The environment of a deployment, as free text with GitHub's two flags.
 *
 * @param isTransient GitHub's {@code transient_environment}: it will not exist for ever
 * @param production GitHub's {@code production_environment}: end users see it
 */
public record Environment(String name, boolean isTransient, boolean production) {}
