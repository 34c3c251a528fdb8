/** The HTTP server: its limits, health, and what every answer carries. */
@NullMarked
package dev.slipway.web;

import org.jspecify.annotations.NullMarked;
