package dev.slipway.cli;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Asks the Slipway on this machine for its liveness; for images without curl. */
@Command(
    name = "health",
    description = "Ask the Slipway on this machine (SLIPWAY_BIND, PORT) whether it lives.")
final class HealthCommand implements Callable<Integer> {
  private final CommandContext context;

  HealthCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    String port = context.variable("PORT", "8080");
    if (!port.matches("\\d{1,5}")) {
      context.err().println("PORT is not a number: " + port);
      return CommandContext.WRONG_USAGE;
    }
    URI liveness =
        LocalAddress.of(context.variable("SLIPWAY_BIND", "0.0.0.0"), port)
            .resolve("/health/liveness");
    try (Http http = new Http(Duration.ofSeconds(2), "Slipway/health")) {
      Reply reply = http.send(Call.get(liveness));
      if (reply instanceof Reply.Answered answered && answered.isSuccess()) {
        return 0;
      }
      context.err().println("No good answer from " + liveness + ": " + reply);
      return 1;
    }
  }
}
