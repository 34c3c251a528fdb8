package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.process.ChildProcess;
import dev.slipway.process.Halt;
import dev.slipway.time.SystemTime;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopTest {
  /** What a process of its own does: the round that its argument names, again and again. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      Loop _ = Loop.start("queue", new SystemTime(), () -> round(arguments[0]));
      // As the server goes on while its loop is gone
      Thread.currentThread().join();
    }

    private static void round(String what) throws InterruptedException {
      switch (what) {
        case "memory" -> throw new OutOfMemoryError("no heap left");
        case "class" -> throw new NoClassDefFoundError("dev/slipway/Gone");
        case "assertion" -> throw new AssertionError("never");
        case "interrupt" -> throw new InterruptedException("by a stranger");
        default -> throw new IllegalArgumentException(what);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "class", "assertion", "interrupt"})
  void a_loop_that_ends_unasked_ends_the_process(String what) throws Exception {
    ChildProcess.Ended ended = ChildProcess.run(Child.class, what);

    assertThat(ended.code()).as(ended.output()).isEqualTo(Halt.EXIT_CODE);
    assertThat(ended.output()).contains("Slipway ends: the queue loop broke");
  }

  @Test
  void an_exception_does_not_end_it_and_a_stop_does() throws InterruptedException {
    Semaphore rounds = new Semaphore(0);
    Loop loop =
        Loop.start(
            "queue",
            new SystemTime(),
            () -> {
              rounds.release();
              if (rounds.availablePermits() < 2) {
                throw new IllegalStateException("a stumble");
              }
              Thread.currentThread().join();
            });
    Await.until(() -> "one round", () -> rounds.availablePermits() == 2);
    loop.close();
    assertThat(rounds.availablePermits()).isEqualTo(2);
  }
}
