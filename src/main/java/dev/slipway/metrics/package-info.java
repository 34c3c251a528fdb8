/** Figures for whoever watches: what was taken, how it ended, what waits. */
@NullMarked
package dev.slipway.metrics;

import org.jspecify.annotations.NullMarked;
