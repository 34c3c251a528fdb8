/** A small GitHub, Render and Qovery on loopback, and the story told in the terminal. */
@NullMarked
package dev.slipway.demo;

import org.jspecify.annotations.NullMarked;
