package dev.slipway.run;

import java.util.function.BooleanSupplier;

/**
 * How a run waits, and whether it has to leave.
 *
 * @param stopping Slipway stops: the run may finish what it has begun, and begins nothing
 */
record Patience(Pause pause, BooleanSupplier stopping) {}
