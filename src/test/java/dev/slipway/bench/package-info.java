/**
 * Benchmarks: programs of their own in the test tree, each with a {@code main} that prints the rows
 * of docs/benchmarks.md, where the command lines are. They start the real jar as a process ({@link
 * dev.slipway.bench.Program}). None is run by {@code mvn verify}.
 *
 * <p>{@link dev.slipway.bench.DeliveryBenchmark} measures deliveries and starts, {@link
 * dev.slipway.bench.FollowedBenchmark} thousands of deploys that are followed at once, {@link
 * dev.slipway.bench.LogBenchmark} how fast a command can print into its log, and what open log
 * pages cost.
 */
package dev.slipway.bench;
