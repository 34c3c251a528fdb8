/**
 * The only SQL: deliveries, deployments, runs, facts, the outbox, log chunks. Every transaction is
 * stated on its method.
 */
@NullMarked
package dev.slipway.store;

import org.jspecify.annotations.NullMarked;
