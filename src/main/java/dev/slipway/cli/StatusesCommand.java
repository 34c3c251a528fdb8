package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.model.CleanText;
import dev.slipway.store.StoreException;
import dev.slipway.store.WaitingStatuses;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntBiFunction;
import picocli.CommandLine.Command;

/** Lists the statuses that GitHub has not got, from the database of a server that may run. */
@Command(
    name = "statuses",
    description = "List the statuses that GitHub has not got yet, and why.",
    synopsisSubcommandLabel = "[COMMAND]")
final class StatusesCommand implements Callable<Integer> {
  private final CommandContext context;

  StatusesCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return withStatuses(
        (statuses, configuration) ->
            list(statuses.list(), configuration.githubHosts().size() == 1));
  }

  @Command(name = "retry", description = "Have the server try all of them now.")
  int retry() throws InterruptedException {
    return withStatuses(
        (statuses, _) -> {
          statuses.retry();
          context.out().println("What waits is tried within a second, or when Slipway starts.");
          return 0;
        });
  }

  private int withStatuses(ToIntBiFunction<WaitingStatuses, Configuration> action)
      throws InterruptedException {
    return context.withConfiguration(
        configuration -> {
          try {
            return action.applyAsInt(
                new WaitingStatuses(
                    configuration.storage().databaseUrl(), configuration.storage().login()),
                configuration);
          } catch (StoreException e) {
            context.err().println(e.getMessage());
            return 1;
          }
        });
  }

  private int list(List<WaitingStatuses.Waiting> all, boolean isOneHost) {
    if (all.isEmpty()) {
      context.out().println("GitHub has all statuses.");
    }
    for (WaitingStatuses.Waiting one : all) {
      context.out().println(line(one, isOneHost));
    }
    if (all.size() == WaitingStatuses.MOST) {
      context
          .out()
          .println("There may be more: this list ends after " + WaitingStatuses.MOST + ".");
    }
    return 0;
  }

  /** One line, whatever others have called an environment, or GitHub has said. */
  static String line(WaitingStatuses.Waiting one, boolean isOneHost) {
    return CleanText.line(
        "%s%s deployment %d to %s: %s since %s, next try %s: %s"
            .formatted(
                isOneHost ? "" : one.host() + " ",
                one.repository(),
                one.githubId(),
                one.environment(),
                one.waiting() == 1
                    ? one.state()
                    : one.waiting() + " statuses, the first " + one.state(),
                one.since(),
                one.due(),
                one.problem() == null ? "not tried yet" : one.problem()));
  }
}
