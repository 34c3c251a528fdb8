/** Recovers at GitHub what it could not deliver, and passes it to the intake. */
@NullMarked
package dev.slipway.reconcile;

import org.jspecify.annotations.NullMarked;
