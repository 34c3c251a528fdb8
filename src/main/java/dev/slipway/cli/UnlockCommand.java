package dev.slipway.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Removes a lock, through the API of a server. */
@Command(
    name = "unlock",
    abbreviateSynopsis = true,
    description = "Remove a lock; without an environment, a repository or --id the one on all.")
final class UnlockCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final LockScopeOptions scope = new LockScopeOptions();

  @Option(names = "--id", paramLabel = "ID", description = "Its number, as \"locks\" lists it.")
  private @Nullable Long id;

  UnlockCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (id != null && scope.isNamed()) {
      context.err().println("unlock takes --id or the name of what is locked, not both");
      return CommandContext.WRONG_USAGE;
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    scope.addTo(body);
    if (id != null) {
      body.put("id", id);
    }
    return new ApiClient(context)
        .send(
            server.url(), ApiClient.Request.post("api/locks/unlock", body.toString()), this::print);
  }

  private void print(JsonNode lock) {
    context
        .out()
        .println(
            "Unlocked: %s, which %s had locked: %s"
                .formatted(
                    lock.path("scope").asString(),
                    lock.path("owner").asString(),
                    lock.path("reason").asString()));
  }
}
