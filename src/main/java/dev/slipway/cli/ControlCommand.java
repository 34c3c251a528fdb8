package dev.slipway.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** An act on one deployment, through the API of a server. */
abstract class ControlCommand implements Callable<Integer> {
  private final CommandContext context;
  private final String act;

  @Mixin private final ServerOption server = new ServerOption();

  @Parameters(
      paramLabel = "ID",
      description = "Slipway's number of the deployment, as \"deployments\" lists it.")
  private String id = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is told and kept.")
  private @Nullable String reason;

  /**
   * @param act the last part of the address
   */
  ControlCommand(CommandContext context, String act) {
    this.context = context;
    this.act = act;
  }

  /** Cancels a deployment that waits or runs. */
  @Command(
      name = "cancel",
      abbreviateSynopsis = true,
      description = "Cancel a deployment that waits or runs.")
  static final class Cancel extends ControlCommand {
    Cancel(CommandContext context) {
      super(context, "cancel");
    }
  }

  /** Runs a deployment once more that did not succeed. */
  @Command(
      name = "retry",
      abbreviateSynopsis = true,
      description = "Run a deployment again that did not succeed, with the commit it had.")
  static final class Retry extends ControlCommand {
    Retry(CommandContext context) {
      super(context, "retry");
    }
  }

  /** Lets a deployment that waits start within freeze windows. */
  @Command(
      name = "override",
      abbreviateSynopsis = true,
      description = "Let a deployment that waits start within freeze windows; needs --reason.")
  static final class FreezeOverride extends ControlCommand {
    FreezeOverride(CommandContext context) {
      super(context, "override");
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!id.matches("\\d{1,18}")) {
      context
          .err()
          .println("\"%s\" is no number of a deployment: \"deployments\" lists them".formatted(id));
      return CommandContext.WRONG_USAGE;
    }
    var body = JsonNodeFactory.instance.objectNode();
    if (reason != null && !reason.isBlank()) {
      body.put("reason", reason);
    }
    return new ApiClient(context)
        .send(
            server.url(),
            ApiClient.Request.post("api/deployments/" + id + "/" + act, body.toString()),
            this::print);
  }

  private void print(JsonNode state) {
    context.out().println(line(state));
  }

  /** What became of an act, and how the deployment stands, in one line. */
  static String line(JsonNode state) {
    String why = state.path("reason").asString(state.path("stopping").asString(""));
    return "Deployment %s: %s%s"
        .formatted(
            state.path("id").asString(),
            state.path("decision").asString().replace('_', ' ')
                + ", "
                + state.path("state").asString(),
            why.isEmpty() ? "" : " (" + why + ")");
  }
}
