/**
 * The records and sealed types that flow through Slipway and {@link dev.slipway.model.Plan#next},
 * the pure function that decides every move. No I/O, no clock, no framework, no JSON.
 */
@NullMarked
package dev.slipway.model;

import org.jspecify.annotations.NullMarked;
