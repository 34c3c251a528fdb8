package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Lists what outgoing webhooks were sent, through the API of a server, and sends it again. */
@Command(
    name = "notifications",
    abbreviateSynopsis = true,
    description = "List what outgoing webhooks were sent, the newest first.",
    synopsisSubcommandLabel = "[COMMAND]")
final class NotificationsCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final ListOptions list = new ListOptions();

  @Option(
      names = "--failed",
      description = "Only those that were given up, or wait after a try that failed.")
  private boolean failed;

  NotificationsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> query = new ArrayList<>();
    if (failed) {
      ListOptions.add(query, "failed", "true");
    }
    return new ApiClient(context)
        .send(server.url(), list.request("api/notifications", query), this::print);
  }

  private void print(JsonNode page) {
    if (page.path("notifications").isEmpty() && !page.has("next")) {
      context.out().println("There are no such notifications.");
    }
    for (JsonNode one : page.path("notifications")) {
      context.out().println(line(one));
    }
    list.printNext(context.out(), page);
  }

  private static String line(JsonNode one) {
    String next = one.path("next_at").asString("");
    String problem = one.path("problem").asString("");
    return "%-6s %-9s %s %s of deployment %s %s%s%s"
        .formatted(
            one.path("id").asString(),
            one.path("outcome").asString().replace('_', ' '),
            one.path("webhook").asString(),
            one.path("event").asString(),
            one.path("deployment_id").asString(),
            one.path("created_at").asString(),
            next.isEmpty() ? "" : ", next try " + next,
            problem.isEmpty() ? "" : ": " + problem);
  }

  @Command(
      name = "redeliver",
      abbreviateSynopsis = true,
      description = "Send a notification again, or run a command after an end once more.")
  int redeliver(
      @Mixin ServerOption where,
      @Parameters(
              paramLabel = "ID",
              description = "The number of the notification, as \"notifications\" lists it.")
          String id)
      throws InterruptedException {
    if (!id.matches("\\d{1,18}")) {
      context
          .err()
          .println(
              "\"%s\" is no number of a notification: \"notifications\" lists them".formatted(id));
      return CommandContext.WRONG_USAGE;
    }
    return new ApiClient(context)
        .send(
            where.url(),
            ApiClient.Request.post("api/notifications/" + id + "/redeliver", "{}"),
            one -> context.out().println("Sent again: " + line(one)));
  }
}
