/** The story that {@code slipway demo} tells in the terminal, against the fakes. */
@NullMarked
package dev.slipway.demo;

import org.jspecify.annotations.NullMarked;
