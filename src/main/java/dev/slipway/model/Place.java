package dev.slipway.model;

/**
 * Where commands of Slipway itself run, and leave what is needed to follow them: a folder on one
 * machine. What was started in one place cannot be seen from another.
 *
 * @param id never the same for two places
 * @param machine what an operator calls it
 */
public record Place(String id, String machine) {}
