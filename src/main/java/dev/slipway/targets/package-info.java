/**
 * The seam between a run and the ways to deploy. A target prepares its start as a value, {@link
 * dev.slipway.targets.StartExecutor} carries it out, and {@code StartAnswers} is the one table that
 * says what an answer means. The kit of HTTP targets is here too: client, messages, waits. The
 * child packages never see each other, and none knows runs or the store.
 */
@NullMarked
package dev.slipway.targets;

import org.jspecify.annotations.NullMarked;
