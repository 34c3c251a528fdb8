package dev.slipway.cli;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deploys what was live before, or is live elsewhere, through the API of a server. The order has a
 * key, so it is done once although its answer may be asked for again and again.
 */
abstract class ReleaseCommand implements Callable<Integer> {
  private static final Set<String> UNDER_WAY = Set.of("queued", "running");

  /** Shorter than the client waits for an answer. */
  private static final String LOOK = "?wait=20s";

  private final CommandContext context;
  private final String path;
  private String printed = "";
  private String state = "";

  @Mixin private final ServerOption server = new ServerOption();

  @Option(
      names = "--repository",
      paramLabel = "OWNER/NAME",
      required = true,
      description = "The repository.")
  private String repository = "";

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Its GitHub host, where there are several; the first when left out.")
  private @Nullable String host;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is told and kept.")
  private @Nullable String reason;

  @Option(
      names = "--wait",
      description = "Wait for the end; the exit code is 1 unless it succeeds.")
  private boolean waits;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "What was sent with this key before is not done again.")
  private String key = UUID.randomUUID().toString();

  ReleaseCommand(CommandContext context, String path) {
    this.context = context;
    this.path = path;
  }

  /** Adds what this command says to the body of the request. */
  abstract void addTo(ObjectNode body);

  /** Deploys the last good commit before the present one, or that of a named deployment. */
  @Command(
      name = "rollback",
      abbreviateSynopsis = true,
      description = "Deploy the last good commit before the present one.")
  static final class Rollback extends ReleaseCommand {
    @Parameters(paramLabel = "ENVIRONMENT", description = "The environment.")
    private String environment = "";

    @Option(
        names = "--to",
        paramLabel = "ID",
        description = "Slipway's number of the deployment to repeat.")
    private @Nullable Long to;

    Rollback(CommandContext context) {
      super(context, "api/rollback");
    }

    @Override
    void addTo(ObjectNode body) {
      body.put("environment", environment);
      if (to != null) {
        body.put("to", to);
      }
    }
  }

  /** Deploys what is live in one environment to another. */
  @Command(
      name = "promote",
      abbreviateSynopsis = true,
      description = "Deploy what is live in one environment to another.")
  static final class Promote extends ReleaseCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = "The environment to take from.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "The environment to deploy to.")
    private String to = "";

    Promote(CommandContext context) {
      super(context, "api/promote");
    }

    @Override
    void addTo(ObjectNode body) {
      body.put("from", from).put("to", to);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("repository", repository);
    addTo(body);
    if (host != null) {
      body.put("host", host);
    }
    if (reason != null && !reason.isBlank()) {
      body.put("reason", reason);
    }
    int code = send(path, body);
    while (code == 0 && waits && UNDER_WAY.contains(state)) {
      code = send(path + LOOK, body);
    }
    return code == 0 && waits && !state.equals("succeeded") ? 1 : code;
  }

  private int send(String address, ObjectNode body) throws InterruptedException {
    return new ApiClient(context)
        .send(server.url(), ApiClient.Request.postOnce(address, body.toString(), key), this::print);
  }

  private void print(JsonNode answer) {
    state = answer.path("state").asString("");
    String line = ControlCommand.line(answer);
    if (!line.equals(printed)) {
      context.out().println(line);
      printed = line;
    }
  }
}
