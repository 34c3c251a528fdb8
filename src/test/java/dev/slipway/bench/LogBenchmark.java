package dev.slipway.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Measures how fast a command can print into its log, and what open log pages cost. See
 * docs/benchmarks.md.
 */
public final class LogBenchmark {
  private static final String TOKEN = "the API token of the benchmark";
  private static final String LINE =
      "[build] step 4711: compiling module /src/app/components/widget.tsx (23 ms)";
  private static final int PAGES_OF_EACH = 50;
  private static final Duration LENGTH = Duration.ofSeconds(20);
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":\\s*\"([^\"]*)\"");

  private final Program slipway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private LogBenchmark(Program slipway) {
    this.slipway = slipway;
  }

  /**
   * Prints the figures.
   *
   * @param arguments how many megabytes the command prints, and how many pages are open, a multiple
   *     of 50; then options for Slipway's JVM
   */
  public static void main(String[] arguments) throws Exception {
    long size = Long.parseLong(arguments[0]) * 1_000_000;
    int pages = Integer.parseInt(arguments[1]);
    Path folder = Files.createTempDirectory("slipway-benchmark");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments).subList(2, arguments.length));
    command.addAll(List.of("-jar", Path.of("target/slipway.jar").toAbsolutePath().toString()));
    Map<String, String> environment = new HashMap<>();
    environment.put("SLIPWAY_DATA", folder.resolve("data").toString());
    environment.put("SLIPWAY_API_TOKEN", TOKEN);
    environment.put("GITHUB_WEBHOOK_SECRET", SignedRequests.SECRET);
    environment.put("SLIPWAY_RECONCILE_EVERY", "off");
    environment.put("SLIPWAY_ENVIRONMENTS", "*");
    environment.put("SLIPWAY_QUEUE_KEY", "environment");
    environment.put("SLIPWAY_COMMANDS_AT_ONCE", "100");
    environment.put(
        "DEPLOY_CMD",
        "if [ $SLIPWAY_ENVIRONMENT = print ]; then yes '%s' | head -c %d; exit; fi;"
                .formatted(LINE, size)
            + " while :; do echo still here; sleep 1; done");
    try (Program slipway =
        Program.start(new Program.Recipe("Slipway", command, "", environment), folder)) {
      LogBenchmark benchmark = new LogBenchmark(slipway);
      benchmark.awaitReady(folder);
      benchmark.print(size);
      benchmark.pages(pages);
    }
  }

  private void awaitReady(Path folder) throws IOException, InterruptedException {
    while (true) {
      if (!slipway.isAlive()) {
        throw new IOException("it does not start: " + Files.readString(folder.resolve("output")));
      }
      try {
        if (get("/health/readiness").statusCode() == 200) {
          return;
        }
      } catch (ConnectException notYet) {
        // It starts
      }
      Thread.sleep(50);
    }
  }

  private void print(long size) throws IOException, InterruptedException {
    long before = slipway.resident();
    long most = before;
    Duration cpu = slipway.cpu();
    List<Long> looks = new ArrayList<>();
    long begun = System.nanoTime();
    Map<String, String> deployment = deploy("print");
    String page = path(deployment.get("log_url"));
    String state = path(deployment.get("state_url"));
    String now;
    do {
      Thread.sleep(200);
      long asked = System.nanoTime();
      HttpResponse<String> shown = get(page);
      looks.add(System.nanoTime() - asked);
      if (shown.statusCode() != 200) {
        throw new IOException("the page answered " + shown.statusCode());
      }
      most = Math.max(most, slipway.resident());
      now = fields(get(state).body()).getOrDefault("state", "");
    } while (now.equals("queued") || now.equals("running"));
    double seconds = (System.nanoTime() - begun) / 1e9;
    looks.sort(null);
    System.out.printf(
        "%d MB in %.1f s (%.0f MB/s, %.1f s of CPU), ended as %s; resident %d MiB before, %d at most;"
            + " page in %.0f ms (median of %d), %.0f at most%n",
        size / 1_000_000,
        seconds,
        size / 1e6 / seconds,
        slipway.cpu().minus(cpu).toMillis() / 1e3,
        now,
        before,
        most,
        looks.get(looks.size() / 2) / 1e6,
        looks.size(),
        looks.getLast() / 1e6);
  }

  private void pages(int pages) throws IOException, InterruptedException {
    List<String> logs = new ArrayList<>();
    for (int i = 0; i < pages / PAGES_OF_EACH; i++) {
      logs.add(path(deploy("page-" + i).get("log_url")));
    }
    Thread.sleep(LENGTH);
    long before = slipway.resident();
    Duration cpuBefore = slipway.cpu();
    Thread.sleep(LENGTH);
    Duration without = slipway.cpu().minus(cpuBefore);
    List<CompletableFuture<HttpResponse<Void>>> open =
        IntStream.range(0, pages)
            .mapToObj(
                i ->
                    client.sendAsync(
                        request(logs.get(i % logs.size()) + "/events").build(),
                        BodyHandlers.discarding()))
            .toList();
    Thread.sleep(LENGTH);
    cpuBefore = slipway.cpu();
    Thread.sleep(LENGTH);
    Duration with = slipway.cpu().minus(cpuBefore);
    long closed = open.stream().filter(CompletableFuture::isDone).count();
    System.out.printf(
        "%d pages of %d logs open (%d closed): resident %d MiB before, %d now; %.1f %% of a core, %.1f"
            + " without them%n",
        pages,
        logs.size(),
        closed,
        before,
        slipway.resident(),
        100.0 * with.toMillis() / LENGTH.toMillis(),
        100.0 * without.toMillis() / LENGTH.toMillis());
  }

  private Map<String, String> deploy(String environment) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            request("/api/deploy_application")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"environment\": \"" + environment + "\"}"))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IOException(answer.statusCode() + ": " + answer.body());
    }
    return fields(answer.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + slipway.port() + path))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private static String path(String address) {
    return URI.create(address).getPath();
  }

  private static Map<String, String> fields(String json) {
    Map<String, String> fields = new HashMap<>();
    Matcher field = FIELD.matcher(json);
    while (field.find()) {
      fields.put(field.group(1), field.group(2));
    }
    return fields;
  }
}
