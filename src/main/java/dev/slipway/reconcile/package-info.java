/** Asks GitHub for what it could not deliver, and feeds it to the intake. */
@NullMarked
package dev.slipway.reconcile;

import org.jspecify.annotations.NullMarked;
