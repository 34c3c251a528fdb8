/** The door: reads and checks what came, before anything looks inside. */
@NullMarked
package dev.slipway.webhook;

import org.jspecify.annotations.NullMarked;
