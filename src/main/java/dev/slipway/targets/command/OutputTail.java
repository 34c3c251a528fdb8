package dev.slipway.targets.command;

import dev.slipway.targets.AttemptLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a command's output while it is written. How far it came is on disk after every piece that
 * was handed on, so that whoever reads next repeats at most that one piece.
 */
final class OutputTail implements Closeable {
  private static final int PIECE = 64 * 1024;
  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

  private final FileChannel output;
  private final Path progressFile;
  private final InstantSource clock;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
  private long offset;
  private Instant lastOutput;

  /** Empty until there is something to keep: many a command says nothing. */
  private Optional<FileChannel> progress;

  private OutputTail(
      FileChannel output,
      Path progressFile,
      Optional<FileChannel> progress,
      Instant started,
      InstantSource clock)
      throws IOException {
    this.output = output;
    this.progressFile = progressFile;
    this.progress = progress;
    this.clock = clock;
    this.lastOutput = started;
    ByteBuffer kept = ByteBuffer.allocate(2 * Long.BYTES);
    if (progress.isPresent() && progress.get().read(kept, 0) == kept.capacity()) {
      // A file shorter than that was emptied, and its reader died before writing it down
      long reached = kept.getLong(0);
      this.offset = reached > output.size() ? 0 : reached;
      this.lastOutput = Instant.ofEpochMilli(kept.getLong(Long.BYTES));
    }
  }

  static OutputTail of(RunDirectory run, InstantSource clock) throws IOException {
    FileChannel output = open(run.output());
    try {
      Path progress = run.progress();
      Optional<FileChannel> kept =
          Files.exists(progress) ? Optional.of(open(progress)) : Optional.empty();
      return new OutputTail(output, progress, kept, run.started(), clock);
    } catch (IOException e) {
      output.close();
      throw e;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, OPTIONS, RunDirectory.OURS_ONLY);
  }

  Instant lastOutput() {
    return lastOutput;
  }

  /** Hands on what is there, but no more than {@code most} bytes. */
  void forward(AttemptLog log, long most) throws IOException {
    long end = Math.min(output.size(), offset + most);
    while (offset < end) {
      int read = output.read(piece.clear().limit((int) Math.min(PIECE, end - offset)), offset);
      if (read <= 0) {
        return;
      }
      log.output(piece.array(), 0, read);
      reached(offset + read);
    }
  }

  boolean isBehind() throws IOException {
    return offset < output.size();
  }

  /** How many bytes the file takes. */
  long size() throws IOException {
    return output.size();
  }

  /** Empties the file. Only for a time when nobody writes and all was handed on. */
  void restart() throws IOException {
    output.truncate(0);
    reached(0);
  }

  private void reached(long newOffset) throws IOException {
    offset = newOffset;
    lastOutput = clock.instant();
    ByteBuffer kept = ByteBuffer.allocate(2 * Long.BYTES);
    kept.putLong(offset).putLong(lastOutput.toEpochMilli()).flip();
    if (progress.isEmpty()) {
      progress = Optional.of(open(progressFile));
    }
    progress.get().write(kept, 0);
  }

  @Override
  public void close() throws IOException {
    try (output) {
      if (progress.isPresent()) {
        progress.get().close();
      }
    }
  }
}
