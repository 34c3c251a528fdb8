package dev.slipway.targets.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Hands bytes from the connection's thread to ours. Holds a few packets only: while nobody takes
 * them the connection waits, and with it the sender.
 */
final class BoundedPipe extends OutputStream {
  private static final int PACKETS = 32;
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(PACKETS);
  private final Duration patience;

  /**
   * @param patience after how long a taker that does not come is given up
   */
  BoundedPipe(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      if (!room.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException("nobody took what the server sent");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    queue.add(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** Says that nothing more will come. */
  void end() {
    queue.add(END);
  }

  /**
   * Waits for the next piece, which is empty at the end.
   *
   * @throws IOException if nothing came for {@code patience}
   */
  Optional<byte[]> next() throws IOException, InterruptedException {
    byte[] piece = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (piece == null) {
      throw new IOException("no answer for " + patience.toSeconds() + " s");
    }
    room.release();
    return piece.length == 0 ? Optional.empty() : Optional.of(piece);
  }
}
