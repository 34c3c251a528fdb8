/** The wiring: makes the parts of a server and holds them together until it stops. */
@NullMarked
package dev.slipway.server;

import org.jspecify.annotations.NullMarked;
