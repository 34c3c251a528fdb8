package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.process.ProgramVersion;
import dev.slipway.secret.Secret;
import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Revokes links to log pages through the API of the Slipway on this machine. */
@Command(
    name = "links",
    description = "Revoke links to log pages.",
    synopsisSubcommandLabel = "COMMAND")
final class LinksCommand {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final CommandContext context;

  LinksCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "revoke",
      description = "Make all links to the log page of a deployment stop working.")
  int revoke(
      @Parameters(
              paramLabel = "ID",
              description = "Slipway's number of the deployment: the 7 of …/deployments/7/KEY.")
          String id)
      throws InterruptedException {
    return context.withConfiguration(configuration -> revoke(configuration, id));
  }

  private int revoke(Configuration configuration, String id) throws InterruptedException {
    if (!id.matches("\\d{1,18}")) {
      context
          .err()
          .println(
              "links revoke takes Slipway's number of a deployment: the 7 of a log_url"
                  + " …/deployments/7/KEY");
      return CommandContext.WRONG_USAGE;
    }
    Secret token = configuration.access().apiToken();
    if (token == null) {
      context
          .err()
          .println(
              "SLIPWAY_API_TOKEN is not set, and links are revoked through the API: set it for the"
                  + " server and for this command, and restart the server");
      return CommandContext.WRONG_USAGE;
    }
    URI address =
        LocalAddress.of(
                configuration.server().bind(), Integer.toString(configuration.server().port()))
            .resolve("/api/deployments/" + id + "/revoke_links");
    try (Http http = new Http(TIMEOUT, ProgramVersion.userAgent())) {
      return report(
          id,
          address,
          http.send(Call.post(address).with("Authorization", "Bearer " + token.reveal())));
    }
  }

  private int report(String id, URI address, Reply reply) {
    return switch (reply) {
      case Reply.Answered answered when answered.isSuccess() -> {
        String link = answered.json().path("log_url").asString("");
        context
            .out()
            .println(
                "The links to the log of deployment "
                    + id
                    + " are revoked. "
                    + (link.isEmpty()
                        ? "Log links are off, so there is no new one"
                        : "New: " + link));
        yield 0;
      }
      case Reply.Answered answered -> {
        context
            .err()
            .println(
                "No links were revoked: "
                    + answered.status()
                    + " "
                    + answered.json().path("detail").asString("from " + address));
        yield 1;
      }
      case Reply.NotSent(String reason, _) -> {
        context
            .err()
            .println(
                "No links were revoked: no Slipway was reached at "
                    + address
                    + " ("
                    + reason
                    + "); run this beside it, with its PORT and SLIPWAY_BIND");
        yield 1;
      }
      case Reply.Unanswered(String reason) -> {
        context
            .err()
            .println("The links may be revoked or not (" + reason + "): run this once more");
        yield 1;
      }
    };
  }
}
