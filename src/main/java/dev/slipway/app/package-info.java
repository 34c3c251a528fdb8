/** Main, wiring, the check at start, health, the command line. Nothing imports it. */
@NullMarked
package dev.slipway.app;

import org.jspecify.annotations.NullMarked;
