/** Qovery applications and jobs. */
@NullMarked
package dev.slipway.target.qovery;

import org.jspecify.annotations.NullMarked;
