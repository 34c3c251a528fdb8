package dev.slipway.targets.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A way to start a process that leads a session and a process group of its own. */
sealed interface Spawner permits PosixSpawn, SetsidSpawn {
  /** When one that was killed is killed once more. */
  Duration AGAIN = Duration.ofSeconds(1);

  /** The variables that a process inherits when its own environment does not set them. */
  Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "TZ");

  /**
   * What is to be started. It has no file open but these: its input, a pipe from us, and its
   * output, to which its errors go, too.
   *
   * @param line the program's path and its arguments
   * @param environment all of it, but for {@link #INHERITED}
   * @param output a file that is there; it is appended to
   */
  record Spawn(List<String> line, Path directory, Map<String, String> environment, Path output) {}

  /**
   * A process that was started.
   *
   * @param exit completes when it has ended; until then the number is not given to another
   * @param input what it reads; no other process can write to it, so it ends with this one
   */
  record Child(long number, CompletableFuture<?> exit, OutputStream input) {
    /** Returns when it has ended, or this time is over; says whether it has. */
    boolean hasEnded(Duration limit) throws InterruptedException {
      CountDownLatch end = new CountDownLatch(1);
      var _ = exit.whenComplete((_, _) -> end.countDown());
      return end.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends it for good, and returns when it has ended. */
    void kill() throws InterruptedException {
      while (!exit.isDone()) {
        ProcessHandle.of(number).ifPresent(ProcessHandle::destroyForcibly);
        boolean _ = hasEnded(AGAIN);
      }
    }
  }

  /**
   * Starts it.
   *
   * @throws IOException when it surely was not started
   */
  Child start(Spawn spawn) throws IOException;
}
