package dev.slipway.model;

/** A target's place in a chain, with the limits of its turn. */
public record Step(String target, Limits limits) {}
