package dev.slipway.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Locks an environment, a repository or everything, through the API of a server. */
@Command(
    name = "lock",
    abbreviateSynopsis = true,
    description = "Lock an environment: what is to be deployed there waits.")
final class LockCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final LockScopeOptions scope = new LockScopeOptions();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; whoever waits reads it.")
  private String reason = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "How long: 30m, 2h, 7d. Without it: until it is unlocked.")
  private @Nullable String time;

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = "Who locks. Without it: you, with the name of the token.")
  private @Nullable String owner;

  LockCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
    scope.addTo(body);
    if (time != null) {
      body.put("ttl", time);
    }
    if (owner != null) {
      body.put("owner", owner);
    }
    return new ApiClient(context)
        .send(server.url(), ApiClient.Request.post("api/locks", body.toString()), this::print);
  }

  private void print(JsonNode lock) {
    context.out().println("Locked: " + line(lock));
  }

  /** A lock in one line. */
  static String line(JsonNode lock) {
    String end = lock.path("expires_at").asString("");
    return "%s by %s: %s (%s; unlock --id %s)"
        .formatted(
            lock.path("scope").asString(),
            lock.path("owner").asString(),
            lock.path("reason").asString(),
            end.isEmpty() ? "until it is unlocked" : "until " + end,
            lock.path("id").asString());
  }
}
