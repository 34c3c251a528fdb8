package dev.slipway.model;

import org.jspecify.annotations.Nullable;

/**
 * A target's place in a chain, with the limits of its turn.
 *
 * @param here where its commands run when this process starts them; null when its deploys can be
 *     seen from everywhere
 */
public record Step(String target, Limits limits, @Nullable Place here) {
  /** A target whose deploys can be seen from everywhere. */
  public Step(String target, Limits limits) {
    this(target, limits, null);
  }
}
