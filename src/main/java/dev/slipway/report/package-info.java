/** Posts the statuses of the outbox to GitHub, in order for each deployment. Decides no state. */
@NullMarked
package dev.slipway.report;

import org.jspecify.annotations.NullMarked;
