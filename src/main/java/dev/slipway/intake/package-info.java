/** Turns a delivery into a decision and stores both with everything that follows, in one commit. */
@NullMarked
package dev.slipway.intake;

import org.jspecify.annotations.NullMarked;
