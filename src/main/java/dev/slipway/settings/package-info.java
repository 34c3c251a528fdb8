/** How a setting is declared, read from the environment or the file, and checked. */
@NullMarked
package dev.slipway.settings;

import org.jspecify.annotations.NullMarked;
