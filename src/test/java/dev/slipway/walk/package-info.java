/**
 * The walk: an exhaustive search through the lives of one run. It is a program of its own in the
 * test tree. {@link dev.slipway.walk.Walk} goes from state to state ({@link
 * dev.slipway.walk.RunState}): in each it asks for the next move, and for each event that can come
 * then, crashes among them ({@link dev.slipway.walk.Adversary}). After each move it checks the
 * promises ({@link dev.slipway.walk.Rules}).
 *
 * <p>{@link dev.slipway.walk.PlanWalkIT} walks the pure plan. {@link dev.slipway.walk.LoopWalkIT}
 * plays the ways that it found ({@link dev.slipway.walk.RunScript}) against the real worker and its
 * database ({@link dev.slipway.walk.ScriptedRun}). Both are a part of {@code mvn verify}; there is
 * no long form.
 */
package dev.slipway.walk;
