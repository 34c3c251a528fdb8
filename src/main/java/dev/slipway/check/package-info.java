/**
 * A check of something that Slipway relies on: its result as a value, and what runs many at once.
 */
@NullMarked
package dev.slipway.check;

import org.jspecify.annotations.NullMarked;
