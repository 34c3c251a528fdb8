/** Qovery applications, jobs, containers and Helm services. */
@NullMarked
package dev.slipway.targets.qovery;

import org.jspecify.annotations.NullMarked;
