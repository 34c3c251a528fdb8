package dev.slipway.server;

import dev.slipway.store.Retention;
import dev.slipway.targets.command.Shell;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what is old, once an hour; replicas begin at different times. */
final class Sweeper implements Loop.Round {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration COMMANDS_REMEMBERED = Duration.ofDays(1);
  private static final Duration EACH = Duration.ofHours(1);
  private static final Duration BETWEEN_STEPS = Duration.ofMillis(50);

  private final Retention retention;
  private final Set<Path> runFolders;
  private final SystemTime time;
  private Duration wait = Duration.ofSeconds(60 + ThreadLocalRandom.current().nextInt(600));

  /**
   * @param runFolders where commands keep what is known about their runs
   */
  Sweeper(Retention retention, Set<Path> runFolders, SystemTime time) {
    this.retention = retention;
    this.runFolders = Set.copyOf(runFolders);
    this.time = time;
  }

  @Override
  public void run() throws InterruptedException {
    time.sleep(wait);
    wait = EACH;
    while (retention.removeSome(time.instant())) {
      time.sleep(BETWEEN_STEPS);
    }
    runFolders.forEach(this::forgetRuns);
  }

  private void forgetRuns(Path runs) {
    try {
      Shell.forget(runs, time.instant().minus(COMMANDS_REMEMBERED));
    } catch (IOException e) {
      LOG.warn("Old runs in {} could not be removed: {}", runs, e.toString());
    }
  }
}
