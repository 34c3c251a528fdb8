package dev.slipway.secret;

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

/** What it takes to look for secrets in a line of a log. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RedactorBenchmark {
  private final Redactor redactor =
      new Redactor(
          List.of(
              new Secret("It's a Secret to Everybody"),
              new Secret("rnd_0123456789abcdefghijklmnop"),
              new Secret("a password of the operator")));

  @Benchmark
  public String plainLine() {
    return redactor
        .redact("[build] step 4711: compiling module /src/app/components/widget.tsx (23 ms)")
        .text();
  }

  @Benchmark
  public String lineWithSecret() {
    return redactor.redact("curl -H 'Authorization: Bearer a password of the operator' -v").text();
  }
}
