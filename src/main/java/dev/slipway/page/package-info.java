/** The log page and its event stream. Only reads. */
@NullMarked
package dev.slipway.page;

import org.jspecify.annotations.NullMarked;
