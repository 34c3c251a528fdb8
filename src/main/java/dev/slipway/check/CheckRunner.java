package dev.slipway.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs checks side by side. One that hangs or throws is a failure of its own, and holds up no
 * other.
 */
public final class CheckRunner {
  private final Duration limit;

  /**
   * @param limit how long each check may take
   */
  public CheckRunner(Duration limit) {
    this.limit = limit;
  }

  /** Runs the checks; their results are in the order of the checks. */
  public List<CheckResult> run(List<Check> checks) throws InterruptedException {
    // A check may hang in a file system that ignores interrupts: nobody waits for its thread
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("check ", 0).factory());
    try {
      List<Callable<List<CheckResult>>> probes =
          checks.stream().<Callable<List<CheckResult>>>map(check -> check.probe()::run).toList();
      List<Future<List<CheckResult>>> ended =
          threads.invokeAll(probes, limit.toMillis(), TimeUnit.MILLISECONDS);
      List<CheckResult> results = new ArrayList<>();
      for (int i = 0; i < checks.size(); i++) {
        results.addAll(results(checks.get(i), ended.get(i)));
      }
      return results;
    } finally {
      List<Runnable> _ = threads.shutdownNow();
    }
  }

  private List<CheckResult> results(Check check, Future<List<CheckResult>> ended)
      throws InterruptedException {
    try {
      return ended.get();
    } catch (CancellationException tooLong) {
      return List.of(
          new CheckResult.Failure(
              check.subject(),
              "did not come to an end within " + limit.toSeconds() + " s",
              "look at what it has to reach, and try again"));
    } catch (ExecutionException e) {
      return List.of(
          new CheckResult.Failure(
              check.subject(), "could not be checked: " + e.getCause(), "report this"));
    }
  }
}
