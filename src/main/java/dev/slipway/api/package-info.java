/** The protected JSON API. */
@NullMarked
package dev.slipway.api;

import org.jspecify.annotations.NullMarked;
