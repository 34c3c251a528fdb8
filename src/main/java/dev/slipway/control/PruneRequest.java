package dev.slipway.control;

import java.util.function.Predicate;

/**
 * Which transient environments are to be destroyed whose pull request is closed.
 *
 * @param wanted by the name of the repository; all others are left alone
 * @param dryRun only says what would be done
 * @param before only environments whose newest deployment has a smaller number of ours
 */
public record PruneRequest(Predicate<String> wanted, boolean dryRun, long before) {}
