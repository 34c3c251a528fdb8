/** The protected JSON API, and the endpoint for callbacks of providers. */
@NullMarked
package dev.slipway.api;

import org.jspecify.annotations.NullMarked;
