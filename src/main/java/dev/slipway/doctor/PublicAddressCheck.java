package dev.slipway.doctor;

import dev.slipway.check.CheckResult;
import dev.slipway.configuration.ServerConfig;
import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.targets.ProviderMessages;
import java.util.List;

/** Checks that the address that GitHub and browsers are told leads to a Slipway. */
final class PublicAddressCheck {
  static final String SUBJECT = "public address";

  private final ServerConfig server;
  private final Http http;

  PublicAddressCheck(ServerConfig server, Http http) {
    this.server = server;
    this.http = http;
  }

  CheckResult result() throws InterruptedException {
    return server.isPublicUrlDefault()
        ? new CheckResult.Warning(
            SUBJECT,
            "SLIPWAY_PUBLIC_URL is not set: log links lead to this machine only, and GitHub does"
                + " not reach it by that address",
            "set it to how GitHub and browsers reach this server")
        : result(http.send(Call.get(BaseUrl.of(server.publicUrl()).uri("/health/liveness"))));
  }

  /** What an answer of that address means. */
  CheckResult result(Reply reply) {
    ProviderMessages messages = new ProviderMessages("It", List.of());
    return switch (reply) {
      case Reply.Answered answered when answered.isSuccess() && ServerCheck.isSlipways(answered) ->
          new CheckResult.Ok(SUBJECT, server.publicUrl() + " leads to Slipway, seen from here");
      case Reply.Answered answered when answered.status() == 401 || answered.status() == 403 ->
          new CheckResult.Failure(
              SUBJECT,
              "%s answers %d: something in between asks for a login"
                  .formatted(server.publicUrl(), answered.status()),
              "let the proxy pass /webhooks/github, /deployments and /health without one");
      case Reply.Answered answered ->
          new CheckResult.Failure(
              SUBJECT,
              "%s answers %d, and not as Slipway does"
                  .formatted(server.publicUrl(), answered.status()),
              "look at where the proxy passes it on to, and whether the server runs");
      case Reply.NotSent _, Reply.Unanswered _ ->
          new CheckResult.Failure(
              SUBJECT,
              "%s does not open from here. %s".formatted(server.publicUrl(), messages.of(reply)),
              "look at DNS, the certificate, the proxy and the firewall");
    };
  }
}
