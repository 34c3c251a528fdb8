package dev.slipway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Lists the locks, through the API of a server. */
@Command(name = "locks", abbreviateSynopsis = true, description = "List what is locked.")
final class LocksCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final ServerOption server = new ServerOption();

  LocksCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new ApiClient(context)
        .send(server.url(), ApiClient.Request.get("api/locks"), this::print);
  }

  private void print(JsonNode list) {
    if (list.path("locks").isEmpty()) {
      context.out().println("Nothing is locked.");
    }
    for (JsonNode lock : list.path("locks")) {
      context.out().println(LockCommand.line(lock));
    }
  }
}
