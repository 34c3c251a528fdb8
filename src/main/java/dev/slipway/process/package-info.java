/**
 * What this process is to the machine: its memory, its priority, what others see of it, its end.
 */
@NullMarked
package dev.slipway.process;

import org.jspecify.annotations.NullMarked;
