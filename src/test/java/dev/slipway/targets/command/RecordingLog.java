package dev.slipway.targets.command;

import dev.slipway.targets.AttemptLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what a target said, and the first of what its command put out. */
class RecordingLog implements AttemptLog {
  private static final int KEPT = 1 << 20;

  final List<String> said = new CopyOnWriteArrayList<>();
  final AtomicLong count = new AtomicLong();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public void log(String line) {
    said.add(line);
  }

  @Override
  public synchronized void output(byte[] piece, int offset, int length) {
    count.addAndGet(length);
    bytes.write(piece, offset, Math.min(length, KEPT - bytes.size()));
  }

  synchronized byte[] bytes() {
    return bytes.toByteArray();
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }
}
