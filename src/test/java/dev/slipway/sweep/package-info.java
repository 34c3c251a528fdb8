/**
 * The kill sweep: each act of an operator, a bot or GitHub is done once without a kill, which tells
 * its steps, and then once for each step with a Slipway that dies there ({@link
 * dev.slipway.sweep.KillSweep}). It is a part of {@code mvn verify}.
 *
 * <p>The servers are real and run in the test's process. One dies by what it stands on: its
 * database ({@link dev.slipway.sweep.MortalSqlite}) and the way of its calls ({@link
 * dev.slipway.sweep.MortalNetwork}) let nothing more of a dead life through ({@link
 * dev.slipway.sweep.Life}). {@link dev.slipway.sweep.SweepWorld} starts the next one on the same
 * database. Commands run on, as they do when a process is killed.
 */
package dev.slipway.sweep;
