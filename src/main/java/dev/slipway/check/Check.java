package dev.slipway.check;

import java.util.List;

/**
 * Something to find out, by reading alone: no check starts a deploy, posts a status or changes
 * anything.
 *
 * @param subject what is checked, for the result when the probe itself has none
 */
public record Check(String subject, Probe probe) {
  /** Finds out, and tells each thing that it learns as a result of its own. */
  @FunctionalInterface
  public interface Probe {
    /**
     * Expected bad ends are results; an exception is a bug, or a machine that is broken.
     *
     * @throws InterruptedException when the thread is interrupted, which is done when it takes too
     *     long
     */
    List<CheckResult> run() throws InterruptedException;
  }
}
