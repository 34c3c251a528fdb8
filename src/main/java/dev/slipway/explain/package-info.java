/** Says why a delivery was treated as it was, and what its deployment waits for. Only reads. */
@NullMarked
package dev.slipway.explain;

import org.jspecify.annotations.NullMarked;
