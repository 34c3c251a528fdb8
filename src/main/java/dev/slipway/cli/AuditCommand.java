package dev.slipway.cli;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Lists who did what, through the API of a server. */
@Command(
    name = "audit",
    abbreviateSynopsis = true,
    description = "List who did what, when and why, the newest first.")
final class AuditCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final ListOptions list = new ListOptions();

  AuditCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new ApiClient(context)
        .send(server.url(), list.request("api/audit", new ArrayList<>()), this::print);
  }

  private void print(JsonNode page) {
    if (page.path("audit").isEmpty() && !page.has("next")) {
      context.out().println("Nobody did anything yet.");
    }
    for (JsonNode one : page.path("audit")) {
      String reason = one.path("reason").asString("");
      context
          .out()
          .println(
              "%s %s by %s (%s): %s%s"
                  .formatted(
                      one.path("at").asString(),
                      one.path("action").asString(),
                      one.path("actor").asString(),
                      one.path("via").asString(),
                      one.path("subject").asString(),
                      reason.isEmpty() ? "" : ": " + reason));
    }
    list.printNext(context.out(), page);
  }
}
