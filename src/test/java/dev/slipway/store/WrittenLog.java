package dev.slipway.store;

/** Adds text to logs of which no worker holds the run. */
public final class WrittenLog {
  private WrittenLog() {}

  /**
   * Adds text at the end; on disk when this returns.
   *
   * @return the log's new length in bytes of UTF-8
   */
  public static long append(Database database, long deploymentId, String text) {
    long end = database.write(sql -> LogChunks.append(sql, deploymentId, text));
    database.notifier().signal(CommitNotifier.deployment(deploymentId));
    return end;
  }
}
