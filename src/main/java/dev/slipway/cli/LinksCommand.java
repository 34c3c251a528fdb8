package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.process.ProgramVersion;
import dev.slipway.secret.Secret;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;

/** Has the Slipway on this machine revoke the links to a deployment's log page. */
record LinksCommand(PrintStream out, PrintStream err) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  int revoke(Configuration configuration, String id) throws InterruptedException {
    if (!id.matches("\\d{1,18}")) {
      err.println(
          "links revoke takes Slipway's number of a deployment: the 7 of a log_url"
              + " …/deployments/7/KEY");
      return 2;
    }
    Secret token = configuration.access().apiToken();
    if (token == null) {
      err.println(
          "SLIPWAY_API_TOKEN is not set, and links are revoked through the API: set it for the"
              + " server and for this command, and restart the server");
      return 2;
    }
    URI address =
        LocalAddress.of(
                configuration.server().bind(), Integer.toString(configuration.server().port()))
            .resolve("/api/deployments/" + id + "/revoke_links");
    try (Http http = new Http(TIMEOUT, ProgramVersion.userAgent())) {
      return tell(
          id,
          address,
          http.send(Call.post(address).with("Authorization", "Bearer " + token.reveal())));
    }
  }

  private int tell(String id, URI address, Reply reply) {
    return switch (reply) {
      case Reply.Answered answered when answered.isSuccess() -> {
        String link = answered.json().path("log_url").asString("");
        out.println(
            "The links to the log of deployment "
                + id
                + " are revoked. "
                + (link.isEmpty() ? "Log links are off, so there is no new one" : "New: " + link));
        yield 0;
      }
      case Reply.Answered answered -> {
        err.println(
            "No links were revoked: "
                + answered.status()
                + " "
                + answered.json().path("detail").asString("from " + address));
        yield 1;
      }
      case Reply.NotSent(String reason, _) -> {
        err.println(
            "No links were revoked: no Slipway was reached at "
                + address
                + " ("
                + reason
                + "); run this beside it, with its PORT and SLIPWAY_BIND");
        yield 1;
      }
      case Reply.Unanswered(String reason) -> {
        err.println("The links may be revoked or not (" + reason + "): run this once more");
        yield 1;
      }
    };
  }
}
