package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.refusal.Refusals;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody tries secrets, one after another, from the address from which genuine ones come. */
class GuessingIT {
  @TempDir Path folder;

  private static HttpResponse<String> order(SlipwayServer world, String token) {
    return world.send(
        HttpRequest.newBuilder(world.at("/api/deployments/1"))
            .header("Authorization", "Bearer " + token)
            .build());
  }

  private static RawDelivery.Reply forged(SlipwayServer world) {
    return RawDelivery.of(SlipwayServer.event())
        .but("X-Hub-Signature-256", "sha256=" + "0".repeat(64))
        .to(world.at("/"));
  }

  private static HttpResponse<String> forgedOnKeptConnection(SlipwayServer world) {
    return world.send(
        HttpRequest.newBuilder(world.at("/webhooks/github"))
            .header("X-GitHub-Event", "deployment")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", "sha256=" + "0".repeat(64))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(SlipwayServer.event()))
            .build());
  }

  @Test
  void who_keeps_failing_is_told_to_wait_and_who_is_genuine_is_let_in() {
    try (SlipwayServer world = new SlipwayServer(folder).set("DEPLOY_CMD", "true").start()) {
      for (int i = 0; i < Refusals.TRIES / 2; i++) {
        assertThat(order(world, "guess-" + i).statusCode()).isEqualTo(401);
        assertThat(forged(world).status()).isEqualTo(401);
      }
      HttpResponse<String> guess = order(world, "one-more");
      assertThat(guess.statusCode()).isEqualTo(429);
      assertThat(guess.headers().firstValue("Retry-After")).contains("60");
      assertThat(guess.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/problem+json");
      RawDelivery.Reply signature = forged(world);
      assertThat(signature.status()).isEqualTo(429);
      assertThat(signature.has("Retry-After: 60")).isTrue();
      assertThat(signature.body()).contains("too_many_failures");
      // A new connection would cost more than the answer
      HttpResponse<String> kept = forgedOnKeptConnection(world);
      assertThat(kept.statusCode()).isEqualTo(429);
      assertThat(kept.headers().firstValue("Connection")).isEmpty();

      assertThat(world.deliver(SlipwayServer.event()).statusCode()).isEqualTo(202);
      assertThat(order(world, "api-token-of-the-test").statusCode()).isEqualTo(200);
      assertThat(world.get(world.at("/prometheus")).body())
          .contains(
              "slipway_refused_total{cause=\"signature_mismatch\",endpoint=\"webhook\"} 32.0\n",
              "slipway_refused_total{cause=\"token_wrong\",endpoint=\"api\"} 31.0\n",
              "slipway_refused_total{cause=\"closed\",endpoint=\"api\"} 0.0\n");
    }
  }

  @Test
  void figures_and_what_is_wrong_can_be_kept_behind_a_token() {
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("DEPLOY_CMD", "true")
            .without("GITHUB_TOKEN")
            .set("SLIPWAY_METRICS_TOKEN", "metrics-token-of-the-test")
            .start()) {
      HttpResponse<String> refused = world.get(world.at("/prometheus"));
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(refused.body()).doesNotContain("slipway_");
      assertThat(get(world, "/prometheus").body()).contains("slipway_runs_ended_total");
      assertThat(world.get(world.at("/health/readiness")).body())
          .contains("DEGRADED")
          .doesNotContain("GITHUB_TOKEN");
      assertThat(get(world, "/health/readiness").body()).contains("DEGRADED", "GITHUB_TOKEN");
      assertThat(world.get(world.at("/health/liveness")).statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> get(SlipwayServer world, String path) {
    return world.send(
        HttpRequest.newBuilder(world.at(path))
            .header("Authorization", "Bearer metrics-token-of-the-test")
            .build());
  }
}
