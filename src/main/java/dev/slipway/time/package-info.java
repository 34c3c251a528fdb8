/** The clock and the passing of time. Nothing else reads either, and nothing else sleeps. */
@NullMarked
package dev.slipway.time;

import org.jspecify.annotations.NullMarked;
