/** Qovery applications and jobs. */
@NullMarked
package dev.slipway.targets.qovery;

import org.jspecify.annotations.NullMarked;
