package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.store.StoreException;
import dev.slipway.store.WaitingStatuses;
import java.io.PrintStream;
import java.util.List;

/** Tells what GitHub has not got yet, and has it tried now, beside a running server or without. */
record StatusesCommand(PrintStream out, PrintStream err) {
  int run(Configuration configuration, boolean retry) {
    try {
      WaitingStatuses statuses =
          new WaitingStatuses(
              configuration.storage().databaseUrl(), configuration.storage().login());
      if (retry) {
        statuses.retry();
        out.println("What waits is tried within a second, or when Slipway starts.");
        return 0;
      }
      return list(statuses.list());
    } catch (StoreException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  private int list(List<WaitingStatuses.Waiting> all) {
    if (all.isEmpty()) {
      out.println("GitHub has all statuses.");
    }
    for (WaitingStatuses.Waiting one : all) {
      out.printf(
          "%s deployment %d to %s: %s since %s, next try %s: %s%n",
          one.repository(),
          one.githubId(),
          one.environment(),
          one.waiting() == 1 ? one.state() : one.waiting() + " statuses, the first " + one.state(),
          one.since(),
          one.due(),
          one.problem() == null ? "not tried yet" : one.problem());
    }
    if (all.size() == WaitingStatuses.MOST) {
      out.println("There may be more: this list ends after " + WaitingStatuses.MOST + ".");
    }
    return 0;
  }
}
