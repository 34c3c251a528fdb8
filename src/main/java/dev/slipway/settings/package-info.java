/** Everything that can be set: read, checked, and reported with all problems at once. */
@NullMarked
package dev.slipway.settings;

import org.jspecify.annotations.NullMarked;
