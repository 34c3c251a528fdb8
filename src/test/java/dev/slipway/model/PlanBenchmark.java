package dev.slipway.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to find the next move of a run that has been followed for a while. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlanBenchmark {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final AttemptLimits LIMITS =
      new AttemptLimits(
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          Duration.ofMinutes(20),
          Duration.ofHours(1));

  private final PlanInput facts =
      new PlanInput(
          T0.plusSeconds(30),
          List.of(
              new ChainEntry("hook", LIMITS, null, "hook"),
              new ChainEntry("api", LIMITS, null, "api"),
              new ChainEntry("shell", LIMITS, null, "shell")),
          new RunFacts(
              List.of(
                  new Fact.Intended(T0, "hook", null, "hook", Duration.ofHours(1)),
                  new Fact.Judged(T0, "hook", new Verdict.Refused("401")),
                  new Fact.Intended(T0, "api", null, "api", Duration.ofHours(1)),
                  new Fact.Judged(T0, "api", new Verdict.Accepted("dep-1", "")),
                  new Fact.Seen(T0, "api", "building", T0.plusSeconds(20)))));

  @Benchmark
  public Move next() {
    return Plan.next(facts);
  }
}
