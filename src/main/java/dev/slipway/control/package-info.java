/** What operators and bots ask for, beyond what GitHub delivers: orders of deployments, locks. */
@NullMarked
package dev.slipway.control;

import org.jspecify.annotations.NullMarked;
