package dev.slipway.server;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/**
 * How long GitHub waits for the answer to a delivery, one after the other: of deployments that are
 * new, and of the same ones when they come again. Starts the jar by itself; see docs/benchmarks.md.
 */
final class RedeliveryBenchmark {
  private static final int DEPLOYMENTS = 500;
  private static final int WARM_UP = 500;

  /** Newer than those of the warm-up, which would make them stale otherwise. */
  private static final int FIRST = 1001;

  private RedeliveryBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("slipway-benchmark");
    Map<String, String> environment =
        Map.of(
            "GITHUB_WEBHOOK_SECRET",
            SlipwayServer.SECRET,
            "SLIPWAY_DATA",
            folder.resolve("data").toString(),
            "SLIPWAY_RECONCILE_EVERY",
            "off",
            "DEPLOY_CMD",
            "true");
    try (JarProcess slipway = JarProcess.start(environment, folder)) {
      long[] _ = measured(slipway, 1, WARM_UP, 1);
      report("new", measured(slipway, FIRST, DEPLOYMENTS, 1));
      report("again, same GUID", measured(slipway, FIRST, DEPLOYMENTS, 4));
      report("again, new GUID", measuredAnew(slipway));
    }
  }

  private static long[] measured(JarProcess slipway, int first, int count, int times) {
    long[] took = new long[count * times];
    for (int i = 0; i < took.length; i++) {
      int id = first + i % count;
      took[i] = deliver(slipway, id, new UUID(7, id).toString());
    }
    return took;
  }

  private static long[] measuredAnew(JarProcess slipway) {
    long[] took = new long[DEPLOYMENTS * 4];
    for (int i = 0; i < took.length; i++) {
      took[i] = deliver(slipway, FIRST + i % DEPLOYMENTS, UUID.randomUUID().toString());
    }
    return took;
  }

  private static long deliver(JarProcess slipway, int id, String guid) {
    byte[] body =
        SlipwayServer.event(id, "preview-" + id % 200, SlipwayServer.SHA)
            .getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(slipway.at("/webhooks/github"))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "deployment")
            .header("X-GitHub-Enterprise-Host", "127.0.0.1")
            .header("X-GitHub-Delivery", guid)
            .header("X-Hub-Signature-256", SlipwayServer.sign(body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    long began = System.nanoTime();
    int status = slipway.status(request);
    long took = System.nanoTime() - began;
    if (status != 202) {
      throw new AssertionError("answered " + status + ": " + slipway.output());
    }
    return took;
  }

  private static void report(String what, long[] took) {
    Arrays.sort(took);
    System.out.printf(
        "%-18s %d deliveries: p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
        what,
        took.length,
        took[took.length / 2] / 1e6,
        took[took.length * 99 / 100] / 1e6,
        took[took.length - 1] / 1e6);
  }
}
