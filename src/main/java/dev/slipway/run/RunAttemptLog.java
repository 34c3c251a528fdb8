package dev.slipway.run;

import dev.slipway.model.ProviderLine;
import dev.slipway.runlog.LogWriter;
import dev.slipway.runlog.ProviderLogWriter;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.ProviderLog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries a target's lines into the log of the run. */
final class RunAttemptLog implements AttemptLog {
  private final LogWriter log;
  private final String target;
  private @Nullable ProviderLog provider;

  RunAttemptLog(LogWriter log, String target) {
    this.log = log;
    this.target = target;
  }

  @Override
  public void log(String line) {
    log.say(line);
  }

  @Override
  public void output(byte[] bytes, int offset, int length) {
    log.output(bytes, offset, length);
  }

  @Override
  public Optional<ProviderLog> provider() {
    if (provider == null) {
      provider = log.provider(target).map(Provider::new).orElse(null);
    }
    return Optional.ofNullable(provider);
  }

  private record Provider(ProviderLogWriter writer) implements ProviderLog {
    @Override
    public Optional<String> cursor() {
      return writer.cursor();
    }

    @Override
    public boolean hasRoom() {
      return writer.hasRoom();
    }

    @Override
    public void add(List<ProviderLine> lines, String cursor) {
      writer.add(lines, cursor);
    }

    @Override
    public void addEnd(String note, List<ProviderLine> lines, String cursor) {
      writer.addEnd(note, lines, cursor);
    }
  }
}
