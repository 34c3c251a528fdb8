/** Slipway's configuration: which settings there are, read and checked as a whole. */
@NullMarked
package dev.slipway.configuration;

import org.jspecify.annotations.NullMarked;
