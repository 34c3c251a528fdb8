package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.http.Call;
import dev.slipway.http.Http;
import dev.slipway.http.Reply;
import dev.slipway.secret.Hmac;
import dev.slipway.secret.Secret;
import dev.slipway.server.Server;
import dev.slipway.time.SystemTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Runs a server on a database of its own for a short time, so that the JVM can record what a start
 * and its first deliveries load. It needs no account and listens on no known port.
 */
@Command(
    name = "train",
    hidden = true,
    description = "Leave an AOT cache beside the jar, with which it starts in half of the time.")
final class TrainCommand implements Callable<Integer> {
  private static final int ROUNDS = 20;
  private static final Secret SECRET = new Secret("only-for-a-short-life");

  @Override
  public Integer call() throws InterruptedException {
    try (TemporaryDirectory folder = TemporaryDirectory.named("slipway-train")) {
      return train(folder.path());
    }
  }

  private int train(Path folder) throws InterruptedException {
    Map<String, String> environment =
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            SECRET.reveal(),
            "PORT",
            "0",
            "SLIPWAY_DATA",
            folder.toString(),
            "DEPLOY_CMD",
            "true");
    if (!(ConfigurationReader.load(environment, folder)
        instanceof Configuration.Loaded.Good(Configuration configuration))) {
      return 1;
    }
    try (Server server = Server.start(configuration);
        Http http = new Http(Duration.ofSeconds(5), "Slipway/train")) {
      URI webhooks = server.address().resolve("/webhooks/github");
      boolean well = true;
      for (int i = 1; i <= ROUNDS; i++) {
        well &= status(http.send(delivery(webhooks, i))) == 202;
        for (String path :
            List.of("/health/liveness", "/health/readiness", "/assets/slipway.css")) {
          well &= status(http.send(Call.get(server.address().resolve(path)))) == 200;
        }
        well &= status(http.send(Call.postJson(webhooks, "{}"))) == 401;
      }
      return well ? 0 : 1;
    }
  }

  private static Call delivery(URI webhooks, int id) {
    String event =
        """
      {
        "action": "created",
        "deployment": {
          "id": %d,
          "url": "https://api.github.com/repos/slipway/train/deployments/%1$d",
          "sha": "0123456789abcdef0123456789abcdef01234567",
          "ref": "main",
          "task": "deploy",
          "environment": "production",
          "payload": {},
          "created_at": "%s",
          "creator": {"login": "slipway", "type": "User"}
        },
        "repository": {"id": 1, "full_name": "slipway/train"}
      }
      """
            .formatted(id, new SystemTime().instant());
    byte[] signature = Hmac.of(SECRET, event.getBytes(StandardCharsets.UTF_8));
    return Call.postJson(webhooks, event)
        .with("X-GitHub-Event", "deployment")
        .with("X-GitHub-Delivery", "train-" + id)
        .with("X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(signature));
  }

  private static int status(Reply reply) {
    return reply instanceof Reply.Answered answered ? answered.status() : 0;
  }
}
