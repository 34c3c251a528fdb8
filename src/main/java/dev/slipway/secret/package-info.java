/** Secrets that cannot print themselves, their removal from text, and signed links. */
@NullMarked
package dev.slipway.secret;

import org.jspecify.annotations.NullMarked;
