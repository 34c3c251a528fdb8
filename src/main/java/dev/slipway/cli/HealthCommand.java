package dev.slipway.cli;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Asks the Slipway on this machine whether it lives; for containers, which have no curl. */
final class HealthCommand {
  private final Map<String, String> environment;
  private final PrintStream err;

  HealthCommand(Map<String, String> environment, PrintStream err) {
    this.environment = environment;
    this.err = err;
  }

  int run() throws InterruptedException {
    String port = environment.getOrDefault("PORT", "8080");
    if (!port.matches("\\d{1,5}")) {
      err.println("PORT is not a number: " + port);
      return 2;
    }
    URI liveness =
        LocalAddress.of(environment.getOrDefault("SLIPWAY_BIND", "0.0.0.0"), port)
            .resolve("/health/liveness");
    try (Http http = new Http(Duration.ofSeconds(2), "Slipway/health")) {
      Reply reply = http.send(Call.get(liveness));
      if (reply instanceof Reply.Answered answered && answered.isSuccess()) {
        return 0;
      }
      err.println("No good answer from " + liveness + ": " + reply);
      return 1;
    }
  }
}
