/**
 * Outgoing calls: limits of time and size, and "was it sent?" as a value. Knows no provider and
 * retries nothing.
 */
@NullMarked
package dev.slipway.http;

import org.jspecify.annotations.NullMarked;
