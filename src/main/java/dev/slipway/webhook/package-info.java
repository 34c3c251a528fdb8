/** The webhook endpoint: reads, verifies, parses and accepts deliveries, in that order. */
@NullMarked
package dev.slipway.webhook;

import org.jspecify.annotations.NullMarked;
