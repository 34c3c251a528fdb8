package dev.slipway.targets.qovery;

import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.ProviderLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the lines of the log. */
final class QoveryLog implements AttemptLog {
  final List<String> lines = new ArrayList<>();
  Optional<ProviderLog> provider = Optional.empty();

  @Override
  public Optional<ProviderLog> provider() {
    return provider;
  }

  @Override
  public void log(String line) {
    lines.add(line);
  }

  @Override
  public void output(byte[] bytes, int offset, int length) {
    throw new AssertionError("Qovery gives no output");
  }
}
