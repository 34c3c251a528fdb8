package dev.slipway.targets.qovery;

import dev.slipway.targets.AttemptLog;
import java.util.ArrayList;
import java.util.List;

/** Keeps what the log was told. */
final class QoveryLog implements AttemptLog {
  final List<String> said = new ArrayList<>();

  @Override
  public void log(String line) {
    said.add(line);
  }

  @Override
  public void output(byte[] bytes, int offset, int length) {
    throw new AssertionError("Qovery gives no output");
  }
}
