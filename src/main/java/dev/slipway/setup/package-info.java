/** Connects Slipway with GitHub: makes a GitHub App from a manifest, in a browser. */
@NullMarked
package dev.slipway.setup;

import org.jspecify.annotations.NullMarked;
