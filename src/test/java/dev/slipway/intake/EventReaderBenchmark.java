package dev.slipway.intake;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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

/** What it takes to read a deployment event of 10 KB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventReaderBenchmark {
  private final byte[] event =
      """
      {"action":"created","deployment":{"id":42,"sha":"f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
      "ref":"main","task":"deploy","environment":"production","payload":{"reason":"%s"},
      "description":"from chat","creator":{"login":"mia","type":"User"},
      "created_at":"2026-11-21T10:00:00Z","performed_via_github_app":null},"workflow_run":null,
      "repository":{"id":7,"full_name":"octo-org/hello-world","private":false}}"""
          .formatted("because ".repeat(1_200))
          .getBytes(StandardCharsets.UTF_8);

  @Benchmark
  public Object read() {
    return EventReader.read(
        "deployment", "github.com", new ByteArrayInputStream(event), Instant.EPOCH);
  }
}
