/**
 * This process on its machine: its memory, its priority, what other processes see of it, its end.
 */
@NullMarked
package dev.slipway.process;

import org.jspecify.annotations.NullMarked;
