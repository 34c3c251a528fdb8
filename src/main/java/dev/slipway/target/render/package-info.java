/** Render's deploy hook and its API. */
@NullMarked
package dev.slipway.target.render;

import org.jspecify.annotations.NullMarked;
