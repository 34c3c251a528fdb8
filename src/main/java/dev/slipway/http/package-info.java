/**
 * Outgoing HTTP alone: calls with limits of time and size, and "was it sent?" as a value. Knows no
 * provider and retries nothing. The HTTP server is in {@code web}.
 */
@NullMarked
package dev.slipway.http;

import org.jspecify.annotations.NullMarked;
