/** Counts refused requests by endpoint and cause, logs them, and finds peers that keep failing. */
@NullMarked
package dev.slipway.refusal;

import org.jspecify.annotations.NullMarked;
