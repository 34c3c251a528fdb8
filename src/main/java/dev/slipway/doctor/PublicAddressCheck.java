package dev.slipway.doctor;

import dev.slipway.check.CheckResult;
import dev.slipway.configuration.ServerConfig;
import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.secret.Redactor;
import dev.slipway.store.InstanceId;
import dev.slipway.store.StoreException;
import dev.slipway.store.StoreInspector;
import dev.slipway.targets.ProviderMessages;
import java.util.List;
import java.util.Optional;

/** Checks that the address that GitHub and browsers are told leads to this Slipway. */
final class PublicAddressCheck {
  static final String SUBJECT = "public address";

  private final ServerConfig server;
  private final Http http;
  private final StoreInspector store;
  private final ProviderMessages messages;

  /**
   * @param store which knows which Slipway is meant
   */
  PublicAddressCheck(ServerConfig server, Http http, StoreInspector store, Redactor redactor) {
    this.server = server;
    this.http = http;
    this.store = store;
    this.messages = new ProviderMessages("It", List.of(), redactor);
  }

  CheckResult result() throws InterruptedException {
    return server.isPublicUrlDefault()
        ? new CheckResult.Warning(
            SUBJECT,
            "SLIPWAY_PUBLIC_URL is not set: log links lead to this machine only, and GitHub does"
                + " not reach it by that address",
            "set it to how GitHub and browsers reach this server")
        : reached();
  }

  private CheckResult reached() throws InterruptedException {
    CheckResult any = result(get("/health/liveness"));
    Optional<InstanceId> meant = meant();
    return any instanceof CheckResult.Ok && meant.isPresent()
        ? sameInstance(get("/health/instance/" + meant.get().value()))
        : any;
  }

  private Reply get(String path) throws InterruptedException {
    return http.send(Call.get(BaseUrl.of(server.publicUrl()).uri(path)));
  }

  /** Empty where no server has run yet, and where the database is not to be read from here. */
  private Optional<InstanceId> meant() {
    try {
      return store.mayExist() ? store.instance() : Optional.empty();
    } catch (StoreException unreadable) {
      return Optional.empty();
    }
  }

  /** What the Slipway at that address answers when it is asked whether it is this one. */
  CheckResult sameInstance(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered when answered.isSuccess() ->
          new CheckResult.Ok(
              SUBJECT, server.publicUrl() + " leads to this Slipway, seen from here");
      case Reply.Answered answered when answered.status() == 404 ->
          new CheckResult.Failure(
              SUBJECT,
              server.publicUrl() + " leads to another Slipway, which does not know our log links",
              "look at SLIPWAY_PUBLIC_URL and at where the proxy passes it on to; replicas share one"
                  + " database");
      case Reply.Answered _, Reply.NotSent _, Reply.Unanswered _ ->
          new CheckResult.Skipped(
              SUBJECT,
              "%s leads to a Slipway; whether it is this one cannot be told. %s"
                  .formatted(server.publicUrl(), messages.of(reply)),
              "let the proxy pass /health");
    };
  }

  /** What an answer of that address means. */
  CheckResult result(Reply reply) {
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
