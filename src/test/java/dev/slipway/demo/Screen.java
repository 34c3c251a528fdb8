package dev.slipway.demo;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Keeps what is printed, and lets a test wait for a text. */
final class Screen extends OutputStream {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Terminal terminal() {
    return new Terminal(new PrintStream(this, true, StandardCharsets.UTF_8), false);
  }

  @Override
  public synchronized void write(int one) {
    bytes.write(one);
    notifyAll();
  }

  @Override
  public synchronized void write(byte[] some, int offset, int length) {
    bytes.write(some, offset, length);
    notifyAll();
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  synchronized void await(String text, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!text().contains(text)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("\"" + text + "\" was not printed, but:\n" + text());
      }
      wait(left);
    }
  }
}
