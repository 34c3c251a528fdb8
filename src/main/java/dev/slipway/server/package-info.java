/** The wiring: factories for the parts of a server, and what starts and stops them in order. */
@NullMarked
package dev.slipway.server;

import org.jspecify.annotations.NullMarked;
