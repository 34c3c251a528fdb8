package dev.slipway.store;

import java.util.Optional;

/** A run that a receiver gets. */
record HandedOverRun(LeasedRun taken, Optional<StartIntent> intent) {}
