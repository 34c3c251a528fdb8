/** The protected JSON API, and the door for callbacks of providers. */
@NullMarked
package dev.slipway.api;

import org.jspecify.annotations.NullMarked;
