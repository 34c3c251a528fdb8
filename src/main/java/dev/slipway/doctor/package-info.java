/** Checks everything that a server relies on, from the machine that it runs on. Reads only. */
@NullMarked
package dev.slipway.doctor;

import org.jspecify.annotations.NullMarked;
