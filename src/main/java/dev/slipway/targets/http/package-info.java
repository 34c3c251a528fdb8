/**
 * A receiver of the operator's own: a signed request that it answers at once or by a callback. The
 * signature is that of Standard Webhooks.
 */
@NullMarked
package dev.slipway.targets.http;

import org.jspecify.annotations.NullMarked;
