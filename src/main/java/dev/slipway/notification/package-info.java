/** Tells others of statuses, by outgoing webhooks. */
@NullMarked
package dev.slipway.notification;

import org.jspecify.annotations.NullMarked;
