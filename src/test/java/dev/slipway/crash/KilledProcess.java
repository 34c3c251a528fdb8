package dev.slipway.crash;

import dev.slipway.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The real jar as a process of its own, which is killed and started again on what it left. */
final class KilledProcess implements AutoCloseable {
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private final int port = FreePort.choose();
  private final Path jar;
  private List<String> options = List.of();
  private List<String> before = List.of();
  private Optional<Process> process = Optional.empty();

  /**
   * @param jar the real one, or one that was made of it
   * @param folder what survives a death: the database, the runs of commands, its own log
   * @param outside the settings of the servers around it
   * @param databaseUrl empty for the SQLite file in the folder
   */
  KilledProcess(Path jar, Path folder, Map<String, String> outside, String databaseUrl) {
    this.jar = jar;
    this.folder = folder;
    set("PATH", "/usr/local/bin:/usr/bin:/bin");
    set("PORT", String.valueOf(port));
    environment.putAll(outside);
    set("GITHUB_CONTENT_PER_MINUTE", "0");
    set("GITHUB_CONTENT_PER_HOUR", "0");
    set("SLIPWAY_DATA", folder.resolve("data").toString());
    set("SLIPWAY_UNKNOWN_GRACE", "1s");
    set("SLIPWAY_UNKNOWN_LIMIT", "2m");
    set("DEPLOY_CMD", command(""));
    if (!databaseUrl.isEmpty()) {
      set("SLIPWAY_DATABASE_URL", databaseUrl);
    }
  }

  /** Says its begin and how it ends; the time is read before, for a signal may hit the reader. */
  private String command(String more) {
    return """
        say() { at=$(date +%%s%%N); echo "$1 $SLIPWAY_DEPLOYMENT_ID $at $SLIPWAY_SHA $$" >> %s; }
        trap 'say stopped; exit 143' TERM
        say start
        seconds=0.05
        %s
        sleep $seconds
        trap '' TERM
        say end
        """
        .formatted(folder.resolve("ran"), more);
  }

  /**
   * Some commands take longer than a poll, and the first of some deployments ends only when it is
   * stopped; the same that {@link MixedDeploys} takes at the providers.
   */
  void letSomeCommandsGoOn() {
    set(
        "DEPLOY_CMD",
        command(
            """
            [ $((SLIPWAY_DEPLOYMENT_ID %% 12)) = 11 ] && seconds=1.5
            [ $((SLIPWAY_DEPLOYMENT_ID %% 23)) = 11 ] \\
              && mkdir %s/first-$SLIPWAY_DEPLOYMENT_ID 2>/dev/null && seconds=600
            """
                .formatted(folder)));
  }

  /**
   * @param queue the policy of all routes; empty for the default
   */
  void writeRoutes(String queue) {
    StringBuilder routes =
        new StringBuilder(
            """
            routes:
              - name: hooks
                match: {environments: ["hook-*"]}
                chain: [render-hook, shell]
              - name: apis
                match: {environments: ["api-*"]}
                chain: [render-api, shell]
              - name: shells
                match: {environments: ["shell-*"]}
                chain: [shell]
            """);
    for (DeployDestination place : DeployDestination.ofQovery()) {
      routes.append(
          """
            - name: qovery-%d
              match: {repositories: [%s], environments: [%s]}
              chain: [{qovery-application: {application-id: %s}}, shell]
          """
              .formatted(place.queue(), place.repository(), place.environment(), place.service()));
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("slipway.yml"),
          queue.isEmpty()
              ? routes.toString()
              : routes.toString().replaceAll("( +)match:", "$1queue: " + queue + "\n$1match:"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  KilledProcess set(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Java as it starts fastest. */
  static List<String> java() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ArrayList<>(
        List.of(
            java,
            "-Xmx160m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC"));
  }

  /** More options of the virtual machine, for the next start. */
  void options(List<String> more) {
    options = more;
  }

  /** A program that starts what its arguments say, for the next starts. */
  void startBy(List<String> program) {
    before = program;
  }

  URI webhook() {
    return URI.create("http://127.0.0.1:" + port + "/webhooks/github");
  }

  URI api() {
    return URI.create("http://127.0.0.1:" + port + "/api/");
  }

  /** Starts the process, without waiting until it accepts connections. */
  void start() {
    List<String> line = new ArrayList<>(before);
    line.addAll(java());
    line.add("-XX:AOTCache=" + AotCache.of(jar));
    line.addAll(options);
    line.addAll(List.of("-jar", jar.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      process = Optional.of(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path realJar() {
    return Path.of(System.getProperty("slipway.jar", "target/slipway.jar")).toAbsolutePath();
  }

  Path log() {
    return folder.resolve("victim.log");
  }

  boolean isAlive() {
    return process.filter(Process::isAlive).isPresent();
  }

  boolean isOpen() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Waits until it accepts connections, or for the death of the process. */
  boolean awaitOpen(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    while (isAlive() && System.nanoTime() < until) {
      if (isOpen()) {
        return true;
      }
      if (process.orElseThrow().waitFor(10, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  /** Whether the process has ended by itself within the time. */
  boolean awaitDeath(Duration limit) throws InterruptedException {
    return process.orElseThrow().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    if (process.isPresent()) {
      int _ = process.get().destroyForcibly().waitFor();
    }
  }

  /**
   * What a supervisor does first: {@code kill -TERM}.
   *
   * @return whether it was gone in time
   */
  boolean stop(Duration limit) throws InterruptedException {
    process.ifPresent(Process::destroy);
    return process.isEmpty() || awaitDeath(limit);
  }

  /** What the commands wrote down, as the journal has it. */
  void readCommands(OutsideJournal journal) {
    Path ran = folder.resolve("ran");
    if (!Files.exists(ran)) {
      return;
    }
    try {
      for (String line : Files.readAllLines(ran)) {
        String[] words = line.split(" ", -1);
        long deployment = Long.parseLong(words[1]);
        long commit = OutsideServers.deploymentOf(words[3]);
        String key = DeployDestination.of(commit).key();
        String deploy = deployment + "-" + words[4];
        journal.add(
            Long.parseLong(words[2]),
            switch (words[0]) {
              case "start" ->
                  new OutsideJournal.Triggered(deployment, key, "shell", deploy, commit);
              case "stopped" ->
                  new OutsideJournal.Over(deployment, key, deploy, OutsideJournal.Outcome.STOPPED);
              default ->
                  new OutsideJournal.Over(deployment, key, deploy, OutsideJournal.Outcome.LIVE);
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path data() {
    return Path.of(environment.get("SLIPWAY_DATA"));
  }

  int port() {
    return port;
  }

  /** The number of the process that was started last. */
  long pid() {
    return process.orElseThrow().pid();
  }

  @Override
  public void close() {
    process.ifPresent(Process::destroyForcibly);
  }
}
