package dev.slipway.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fakes.FakeEvent;
import dev.slipway.fakes.FakeRepository;
import dev.slipway.fakes.NetworkBehavior;
import dev.slipway.server.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Four replicas on one PostgreSQL, each with a machine of its own, and all that is around them. */
final class Fleet implements AutoCloseable {
  private static final Set<String> FINAL = Set.of("success", "failure", "error", "inactive");

  private final OutsideJournal journal = new OutsideJournal();
  final HeldDeploys deploys = new HeldDeploys();
  final HeldResponses responses = new HeldResponses();
  private final OutsideServers outside =
      new OutsideServers(
          journal,
          Fleet::address,
          deploys,
          new OutsideServers.Networks(
              responses, NetworkBehavior.RELIABLE, NetworkBehavior.RELIABLE));
  final SharedDatabase database;
  final List<Replica> replicas = new ArrayList<>();
  private final Path folder;
  private final Map<String, String> settings = new TreeMap<>();
  private final List<Long> delivered = new ArrayList<>();

  Fleet(Path folder, String url) {
    this.folder = folder;
    this.database = new SharedDatabase(url);
    settings.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    settings.putAll(outside.settings());
    settings.put("GITHUB_CONTENT_PER_MINUTE", "0");
    settings.put("GITHUB_CONTENT_PER_HOUR", "0");
    settings.put("SLIPWAY_DATABASE_URL", url);
    settings.put("SLIPWAY_RECONCILE_EVERY", "off");
    settings.put("SLIPWAY_UNKNOWN_GRACE", "1s");
    settings.put("SLIPWAY_UNKNOWN_LIMIT", "5m");
    settings.put("SLIPWAY_CONFIG", folder.resolve("slipway.yml").toString());
    settings.put("DEPLOY_CMD", command());
    writeRoutes();
  }

  /** Twelve environments, four for each route. */
  static OutsideServers.Address address(long deployment) {
    String kind =
        switch ((int) (deployment % 3)) {
          case 0 -> "hook";
          case 1 -> "api";
          default -> "shell";
        };
    String environment = kind + "-" + deployment / 3 % 4;
    return new OutsideServers.Address(
        new FakeRepository("octo-org/hello-world", 1296269), environment, environment);
  }

  /** Says its beginning and its end; prints a line now and then while it is told to go on. */
  private String command() {
    return """
        say() { echo "$1 $SLIPWAY_DEPLOYMENT_ID $SLIPWAY_ENVIRONMENT $(date +%%s%%N)" >> %1$s/ran; }
        say start
        i=0
        while [ -e %1$s/go-$SLIPWAY_DEPLOYMENT_ID ]; do
          i=$((i+1)); echo "line $i $(date +%%s%%N)"; sleep 0.13
        done
        say end
        """
        .formatted(folder);
  }

  private void writeRoutes() {
    String routes =
        """
        routes:
          - name: hooks
            queue: all
            match: {environments: ["hook-*"]}
            chain: [render-hook, shell]
          - name: apis
            queue: all
            match: {environments: ["api-*"]}
            chain: [render-api, shell]
          - name: shells
            queue: all
            match: {environments: ["shell-*"]}
            chain: [shell, render-api]
        """;
    try {
      Files.writeString(folder.resolve("slipway.yml"), routes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void startAllAtOnce() {
    for (int i = 0; i < 4; i++) {
      replicas.add(Replica.start(folder.resolve("machine-" + i), settings));
    }
    replicas.forEach(Replica::awaitReady);
  }

  void deliver(Replica to, long deployment) {
    delivered.add(deployment);
    assertThat(sent(to, deployment, false)).as("delivery of %s", deployment).isTrue();
  }

  /** Everything comes again, with other GUIDs and at other replicas. */
  void deliverAllAgain() {
    for (int i = 0; i < delivered.size(); i++) {
      assertThat(sent(replicas.get(i % 4), delivered.get(i), true)).isTrue();
    }
  }

  private boolean sent(Replica to, long deployment, boolean newGuid) {
    try {
      return outside.deliver(to.webhook(), deployment, newGuid);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The others stand still meanwhile, so that it is this one that does it. */
  void onlyBy(Replica one, Runnable work) {
    List<Replica> others = replicas.stream().filter(replica -> replica != one).toList();
    others.forEach(Replica::freeze);
    try {
      work.run();
    } finally {
      others.forEach(Replica::thaw);
    }
  }

  void awaitEnd(long deployment) {
    Await.holds(
        "the end of " + deployment, () -> states(deployment).stream().anyMatch(FINAL::contains));
  }

  /** The statuses that GitHub has of a deployment, oldest first. */
  List<FakeEvent.StatusCreated> statuses(long deployment) {
    return outside.github().statusesOf(deployment);
  }

  /** The states that GitHub has of a deployment, oldest first. */
  List<String> states(long deployment) {
    return statuses(deployment).stream().map(FakeEvent.StatusCreated::state).toList();
  }

  /** How often Render was asked to deploy this deployment. */
  long triggers(long deployment) {
    return journal.all(OutsideJournal.Triggered.class).stream()
        .filter(triggered -> triggered.deployment() == deployment)
        .count();
  }

  /** Ends the held deploys of a deployment. */
  void finish(long deployment) {
    journal.add(new OutsideJournal.Over(deployment, address(deployment).key()));
    deploys.finish(deployment);
  }

  /** The command of this deployment goes on until {@link #endCommand}. */
  void keepCommandGoing(long deployment) {
    try {
      Files.createFile(folder.resolve("go-" + deployment));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void endCommand(long deployment) {
    try {
      Files.delete(folder.resolve("go-" + deployment));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often the command of this deployment was started. */
  long commands(long deployment) {
    return ran().stream().filter(line -> line.startsWith("start " + deployment + " ")).count();
  }

  private List<String> ran() {
    try {
      Path ran = folder.resolve("ran");
      return Files.exists(ran) ? Files.readAllLines(ran) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was promised and not held, over all that happened. */
  List<String> violations() {
    for (String line : ran()) {
      String[] words = line.split(" ", -1);
      long deployment = Long.parseLong(words[1]);
      journal.add(
          Long.parseLong(words[3]),
          words[0].equals("start")
              ? new OutsideJournal.Triggered(deployment, words[2], "shell")
              : new OutsideJournal.Over(deployment, words[2]));
    }
    List<String> violations = new ArrayList<>(Checker.violations(journal));
    Map<String, Long> before = new HashMap<>();
    for (OutsideJournal.Triggered one : journal.all(OutsideJournal.Triggered.class)) {
      Long last = before.put(one.environment(), one.deployment());
      if (last != null && last > one.deployment()) {
        violations.add(one.environment() + ": #" + one.deployment() + " came after #" + last);
      }
    }
    for (Replica replica : replicas) {
      replica.output().lines().filter(line -> line.contains("stumbled")).forEach(violations::add);
    }
    return violations;
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
    outside.close();
    database.close();
  }
}
