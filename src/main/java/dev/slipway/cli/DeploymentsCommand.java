package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists deployments, through the API of a server. */
@Command(
    name = "deployments",
    abbreviateSynopsis = true,
    description = "List deployments with their numbers, the newest first.")
final class DeploymentsCommand implements Callable<Integer> {
  private static final int SHORT_SHA = 7;

  private final CommandContext context;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final ListOptions list = new ListOptions();

  @Option(names = "--repository", paramLabel = "OWNER/NAME", description = "Only of this one.")
  private @Nullable String repository;

  @Option(names = "--environment", paramLabel = "NAME", description = "Only to this one.")
  private @Nullable String environment;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description =
          "queued, running, succeeded, failed, errored, cancelled, superseded, destroyed.")
  private @Nullable String state;

  DeploymentsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> query = new ArrayList<>();
    ListOptions.add(query, "repository", repository);
    ListOptions.add(query, "environment", environment);
    ListOptions.add(query, "state", state);
    return new ApiClient(context)
        .send(server.url(), list.request("api/deployments", query), this::print);
  }

  private void print(JsonNode page) {
    if (page.path("deployments").isEmpty() && !page.has("next")) {
      context.out().println("There are no such deployments.");
    }
    for (JsonNode one : page.path("deployments")) {
      String sha = one.path("sha").asString(one.path("ref").asString(""));
      context
          .out()
          .println(
              "%-6s %-10s %s %s %s %s%s"
                  .formatted(
                      one.path("id").asString(),
                      one.path("state").asString(),
                      one.path("repository").asString("").isEmpty()
                          ? "-"
                          : one.path("repository").asString(),
                      one.path("environment").asString(),
                      sha.isEmpty() ? "-" : sha.substring(0, Math.min(SHORT_SHA, sha.length())),
                      one.path("accepted_at").asString(),
                      one.has("reason") ? " " + one.path("reason").asString() : ""));
    }
    list.printNext(context.out(), page);
  }
}
