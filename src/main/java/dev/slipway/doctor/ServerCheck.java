package dev.slipway.doctor;

import dev.slipway.check.CheckResult;
import dev.slipway.http.BaseUrl;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.secret.Secret;
import dev.slipway.store.StoreException;
import dev.slipway.store.StoreInspector;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks the server on this machine and its database. A server that answers knows whether it can
 * write; without one, the database is asked.
 */
final class ServerCheck {
  static final String SERVER = "server";
  static final String DATABASE = "database";

  private final URI address;
  private final @Nullable Secret metricsToken;
  private final Http http;
  private final StoreInspector store;

  /**
   * @param address of the server on this machine
   * @param metricsToken what lets readiness tell what is wrong; null where it tells everybody
   */
  ServerCheck(URI address, @Nullable Secret metricsToken, Http http, StoreInspector store) {
    this.address = address;
    this.metricsToken = metricsToken;
    this.http = http;
    this.store = store;
  }

  List<CheckResult> results() throws InterruptedException {
    Call call = Call.get(BaseUrl.of(address).uri("/health/readiness"));
    Reply reply =
        http.send(
            metricsToken == null
                ? call
                : call.with("Authorization", "Bearer " + metricsToken.reveal()));
    if (reply instanceof Reply.Answered answered && isSlipways(answered)) {
      return List.of(server(answered), databaseOf(answered));
    }
    return List.of(noServer(reply), database());
  }

  /** Whether an answer of a health endpoint is a Slipway's. */
  static boolean isSlipways(Reply.Answered answered) {
    JsonNode json = answered.json();
    return json.path("status").isString()
        && json.path("problems").isArray()
        && json.has("deployments_missed");
  }

  private CheckResult server(Reply.Answered answered) {
    String detail = "answers at %s: %s".formatted(address, status(answered));
    String problems = problems(answered);
    return switch (status(answered)) {
      case "UP" -> new CheckResult.Ok(SERVER, detail);
      case "DOWN" -> new CheckResult.Failure(SERVER, detail + problems, "look at its log");
      default ->
          new CheckResult.Warning(
              SERVER,
              detail + problems,
              problems.isEmpty()
                  ? "set SLIPWAY_METRICS_TOKEN as the server has it to see why"
                  : "`statuses` and docs/operations.md say more");
    };
  }

  private static CheckResult databaseOf(Reply.Answered answered) {
    return status(answered).equals("DOWN")
        ? new CheckResult.Failure(
            DATABASE,
            "the server cannot write to it, or is stopping" + problems(answered),
            "look at the disk and at PostgreSQL, and at the server's log")
        : new CheckResult.Ok(DATABASE, "the server writes to it");
  }

  private static String status(Reply.Answered answered) {
    return answered.json().path("status").asString("");
  }

  private static String problems(Reply.Answered answered) {
    String all =
        StreamSupport.stream(answered.json().path("problems").spliterator(), false)
            .map(problem -> problem.asString(""))
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? "" : ", " + all;
  }

  private CheckResult noServer(Reply reply) {
    return reply instanceof Reply.Answered
        ? new CheckResult.Warning(
            SERVER,
            "what answers at %s is no Slipway".formatted(address),
            "set PORT and SLIPWAY_BIND as the server has them")
        : new CheckResult.Skipped(
            SERVER,
            "none answers at " + address,
            "start it; if it runs, run this with its PORT and SLIPWAY_BIND");
  }

  private CheckResult database() {
    if (!store.mayExist()) {
      return new CheckResult.Skipped(
          DATABASE,
          "there is none yet, the first start of a server makes it",
          "if a server has run, run this with its settings and in its folder");
    }
    try {
      store.probe();
      return new CheckResult.Ok(DATABASE, "can be written");
    } catch (StoreException e) {
      return new CheckResult.Failure(
          DATABASE,
          String.valueOf(e.getMessage()),
          "look at SLIPWAY_DATABASE_URL, the rights of this user, the disk and PostgreSQL");
    }
  }
}
