package dev.slipway.store;

/**
 * The right to work on a run, until another worker takes it over.
 *
 * @param fence grows with every take-over; a write with an older one is refused
 */
public record Lease(long runId, long deploymentId, int run, String owner, long fence) {}
