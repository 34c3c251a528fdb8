/**
 * What a way to deploy looks like. The children never see each other, and none knows runs or the
 * store.
 */
@NullMarked
package dev.slipway.targets;

import org.jspecify.annotations.NullMarked;
