package dev.slipway.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why the first of a queue may not start now, though nothing runs before it.
 *
 * @param text says who or what holds it, why, until when, and what to do; for a status
 * @param until when it is over by itself; null when somebody has to end it
 */
public record Hold(String text, @Nullable Instant until) {}
