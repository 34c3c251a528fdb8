package dev.slipway.app;

import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A short life with a database of its own, so that the JVM can write down what a start loads. The
 * container image is built with it; it needs no account and listens on no known port.
 */
final class TrainCommand {
  private static final int ROUNDS = 20;

  int run() throws InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.named("slipway-train")) {
      return train(folder.path());
    }
  }

  private int train(Path folder) throws InterruptedException {
    Map<String, String> environment =
        Map.of(
            "GITHUB_WEBHOOK_SECRET", "only-for-a-short-life",
            "PORT", "0",
            "SLIPWAY_DATA", folder.toString(),
            "DEPLOY_CMD", "true");
    if (!(Settings.load(environment, folder) instanceof Settings.Loaded.Good(Settings settings))) {
      return 1;
    }
    try (Server server = Server.start(settings);
        Http http = new Http(Duration.ofSeconds(5), "Slipway/train")) {
      boolean well = true;
      for (int i = 0; i < ROUNDS; i++) {
        for (String path :
            List.of("/health/liveness", "/health/readiness", "/assets/slipway.css")) {
          Reply reply = http.send(Call.get(server.address().resolve(path)));
          well &= reply instanceof Reply.Answered answered && answered.isSuccess();
        }
        Reply refused =
            http.send(Call.postJson(server.address().resolve("/webhooks/github"), "{}"));
        well &= refused instanceof Reply.Answered answered && answered.status() == 401;
      }
      return well ? 0 : 1;
    }
  }
}
