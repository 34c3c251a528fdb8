package dev.slipway.targets.qovery;

import dev.slipway.targets.AttemptLog;
import java.util.ArrayList;
import java.util.List;

/** Keeps the lines of the log. */
final class QoveryLog implements AttemptLog {
  final List<String> lines = new ArrayList<>();

  @Override
  public void log(String line) {
    lines.add(line);
  }

  @Override
  public void output(byte[] bytes, int offset, int length) {
    throw new AssertionError("Qovery gives no output");
  }
}
