/** The command line. Nothing imports it. */
@NullMarked
package dev.slipway.cli;

import org.jspecify.annotations.NullMarked;
