package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lists transient environments, through the API of a server, and has old ones destroyed. */
@Command(
    name = "environments",
    abbreviateSynopsis = true,
    description = "List preview environments that may stand, the newest first.",
    synopsisSubcommandLabel = "[COMMAND]")
final class EnvironmentsCommand implements Callable<Integer> {
  private static final int SHORT_SHA = 7;

  private final CommandContext context;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final ListOptions list = new ListOptions();

  @Option(names = "--repository", paramLabel = "OWNER/NAME", description = "Only of this one.")
  private @Nullable String repository;

  EnvironmentsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> query = new ArrayList<>();
    ListOptions.add(query, "repository", repository);
    return new ApiClient(context)
        .send(server.url(), list.request("api/environments", query), this::print);
  }

  private void print(JsonNode page) {
    if (page.path("environments").isEmpty() && !page.has("next")) {
      context.out().println("No transient environment stands.");
    }
    for (JsonNode one : page.path("environments")) {
      String sha = one.path("sha").asString("");
      context
          .out()
          .println(
              "%s %s %s by deployment %s, %s%s %s"
                  .formatted(
                      one.path("repository").asString(),
                      one.path("environment").asString(),
                      one.path("state").asString().replace('_', ' '),
                      one.path("deployment_id").asString(),
                      one.has("pull_request")
                          ? "pull request #" + one.path("pull_request").asString() + ", "
                          : "",
                      sha.substring(0, Math.min(SHORT_SHA, sha.length())),
                      one.path("accepted_at").asString()));
    }
    list.printNext(context.out(), page);
  }

  @Command(
      name = "prune",
      abbreviateSynopsis = true,
      description = "Have those destroyed whose pull request is closed, or the one that is named.")
  int prune(
      @Mixin ServerOption where,
      @Option(names = "--dry-run", description = "Only say what would be done.") boolean dryRun,
      @Option(
              names = "--repository",
              paramLabel = "OWNER/NAME",
              description = "Only environments of this one.")
          @Nullable String wanted,
      @Option(
              names = "--environment",
              paramLabel = "NAME",
              description = "This one, whatever its pull request; needs --repository and --reason.")
          @Nullable String environment,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              description = "Why the one that is named; it is told and kept.")
          @Nullable String reason)
      throws InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("dry_run", dryRun);
    add(body, "repository", wanted);
    add(body, "environment", environment);
    add(body, "reason", reason);
    Parts parts = new Parts();
    int code;
    do {
      code =
          new ApiClient(context)
              .send(
                  where.url(),
                  ApiClient.Request.post("api/environments/prune", body.toString()),
                  parts::print);
      parts.next.ifPresent(before -> body.put("before", before));
    } while (code == 0 && parts.next.isPresent());
    if (code == 0 && parts.isEmpty) {
      context.out().println("No transient environment stands.");
    }
    return code;
  }

  private static void add(ObjectNode body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  /** The parts in which a server works through its environments. */
  private final class Parts {
    private boolean isEmpty = true;
    private OptionalLong next = OptionalLong.empty();

    void print(JsonNode part) {
      next = part.has("next") ? OptionalLong.of(part.path("next").asLong()) : OptionalLong.empty();
      for (JsonNode one : part.path("environments")) {
        isEmpty = false;
        context
            .out()
            .println(
                "%s of %s %s: %s"
                    .formatted(
                        one.path("environment").asString(),
                        one.path("repository").asString(),
                        words(one.path("outcome").asString()),
                        one.path("reason").asString()));
      }
    }
  }

  private static String words(String outcome) {
    return switch (outcome) {
      case "destroying" -> "is being destroyed";
      case "would_destroy" -> "would be destroyed";
      case "already" -> "is being destroyed already";
      default -> outcome;
    };
  }
}
