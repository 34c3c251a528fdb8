package dev.slipway.runlog;

import dev.slipway.secret.Redactor;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.infra.Blackhole;

/** What it takes to make lines of 8 KiB of output: with colours, and with a progress bar. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LineAssemblerBenchmark {
  private final byte[] colours =
      kilobytes("\u001b[32m✔\u001b[0m 4711 tests \u001b[1;31mfailed\u001b[0m\n");
  private final byte[] progress = kilobytes("fetching 42 % [=====>      ]\r\u001b[2K");

  private static byte[] kilobytes(String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    return piece.repeat(8 * 1024 / bytes.length).getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public void colours(Blackhole lines) {
    assemble(colours, lines);
  }

  @Benchmark
  public void progress(Blackhole lines) {
    assemble(progress, lines);
  }

  private static void assemble(byte[] output, Blackhole lines) {
    LineAssembler assembler = new LineAssembler(new Redactor(List.of()), lines::consume);
    assembler.write(output, 0, output.length);
    assembler.flush();
  }
}
