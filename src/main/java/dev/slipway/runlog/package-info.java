/** The log of a deployment: redacted lines appended, read from any byte offset. */
@NullMarked
package dev.slipway.runlog;

import org.jspecify.annotations.NullMarked;
