/** Decides about deliveries, and stores the decision with all that follows in one commit. */
@NullMarked
package dev.slipway.intake;

import org.jspecify.annotations.NullMarked;
