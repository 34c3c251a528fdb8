/** Error responses as {@code application/problem+json}. */
@NullMarked
package dev.slipway.problem;

import org.jspecify.annotations.NullMarked;
