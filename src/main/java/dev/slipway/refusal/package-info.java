/** What is refused: counted by door and cause, told of in the log, and who keeps failing. */
@NullMarked
package dev.slipway.refusal;

import org.jspecify.annotations.NullMarked;
