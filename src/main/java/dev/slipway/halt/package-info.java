/** Ends the process when it can no longer be trusted. */
@NullMarked
package dev.slipway.halt;

import org.jspecify.annotations.NullMarked;
