/** Render's deploy hook and its API. */
@NullMarked
package dev.slipway.targets.render;

import org.jspecify.annotations.NullMarked;
