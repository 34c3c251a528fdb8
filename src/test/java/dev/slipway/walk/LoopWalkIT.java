package dev.slipway.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.LiveCheckResult;
import dev.slipway.model.LookupResult;
import dev.slipway.model.OriginPolicy;
import dev.slipway.model.PollResult;
import dev.slipway.model.QueueMember;
import dev.slipway.model.QueuePolicy;
import dev.slipway.model.Repository;
import dev.slipway.model.Route;
import dev.slipway.model.RouteMatch;
import dev.slipway.model.Status;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.run.OpenStartGate;
import dev.slipway.run.RouteTargets;
import dev.slipway.run.Worker;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.store.CancelResult;
import dev.slipway.store.CommitNotifier;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.DeploymentQueries;
import dev.slipway.store.Inbox;
import dev.slipway.store.IntakeTransaction;
import dev.slipway.store.Logs;
import dev.slipway.store.QueueEntry;
import dev.slipway.store.Runs;
import dev.slipway.store.StoredRun;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Launches;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import dev.slipway.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the real worker, with its real journal and store, go every way that the adversary of {@link
 * PlanWalkIT} knows: from the begin and from four later states on, up to a depth and from there to
 * an end. It has to make the very moves and to leave the very facts that the walk over {@code Plan}
 * reckons with, so that what is proved there holds for the worker.
 */
class LoopWalkIT {
  private static final int DEPTH = 3;
  private static final int AT_ONCE = 256;
  private static final Instant T0 = RunState.at(0);
  private static final Route ROUTE =
      new Route(
          "default",
          RouteMatch.ANY,
          OriginPolicy.NONE,
          List.of(RunState.PROVIDER, RunState.COMMAND),
          null,
          QueuePolicy.LATEST);

  @TempDir Path folder;
  private final Map<String, ScriptedRun> byThread = new ConcurrentHashMap<>();
  private Database database;
  private Inbox inbox;
  private DeploymentQueries deployments;
  private Worker worker;

  @BeforeEach
  void open() {
    database =
        Database.open("jdbc:sqlite:" + folder.resolve("slipway.db"), new DatabaseLogin(null, null));
    inbox = new Inbox(database, Duration.ofDays(1));
    deployments = new DeploymentQueries(database);
    Redactor redactor = new Redactor(List.of());
    worker =
        new Worker(
            new Runs(database, Duration.ofSeconds(20)),
            new RouteTargets(
                Map.of(
                    "default",
                    List.of(new Scripted(RunState.PROVIDER), new Scripted(RunState.COMMAND))),
                Launches.EXECUTOR,
                new OpenStartGate(),
                Integer.MAX_VALUE),
            new RunLog(new Logs(database), redactor, () -> T0),
            redactor,
            new ScriptedTime(),
            this::time,
            "test");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private @Nullable ScriptedRun running() {
    return byThread.get(Thread.currentThread().getName());
  }

  private ScriptedRun current() {
    return Objects.requireNonNull(running());
  }

  /** The time of whichever run asks. */
  private final class ScriptedTime implements Time {
    @Override
    public Instant instant() {
      return current().now();
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public void sleep(Duration duration) {
      sleepUntil(instant().plus(duration));
    }

    @Override
    public void sleepUntil(Instant instant) {
      current().waits(instant);
    }
  }

  private Instant time() {
    ScriptedRun run = running();
    return run == null ? T0 : run.commits();
  }

  /** A target of whichever run asks; the command's is on the machine of that run's process. */
  private final class Scripted implements Target {
    private final String name;

    Scripted(String name) {
      this.name = name;
    }

    /** The configuration has lost it when nothing has its name. */
    @Override
    public String name() {
      return current().configured().isLost(name) ? "another" : name;
    }

    @Override
    public String destination() {
      return current().configured().where(name);
    }

    @Override
    public AttemptLimits limits() {
      return current().configured().entry(name).limits();
    }

    @Override
    public Optional<CommandHost> host() {
      ScriptedRun run = running();
      return run == null || !name.equals(RunState.COMMAND)
          ? Optional.empty()
          : Optional.of(run.configured().commandHost());
    }

    @Override
    public PreparedStart preview(Attempt attempt) {
      return Launches.of(_ -> current().start(name));
    }

    @Override
    public PollResult poll(Attempt attempt, String id, AttemptLog log) {
      return current().poll(name, id);
    }

    @Override
    public LiveCheckResult check(Deployment deployment) {
      return current().check(name);
    }

    @Override
    public LookupResult lookUp(Attempt attempt, AttemptLog log) {
      return current().find(name);
    }

    @Override
    public StopResult stop(Attempt attempt, String id, AttemptLog log) {
      return current().stop(name, id);
    }
  }

  private record Accepted(long deployment, ScriptedRun run) {}

  private static Deployment deployment(int script, long number) {
    return new Deployment(
        new Repository("github-%d.test".formatted(script), 7, "octo/hello"),
        number,
        "a".repeat(40),
        "main",
        new Environment("production", false, true),
        "deploy",
        "{}",
        "",
        "mia",
        T0);
  }

  private Accepted accept(IntakeTransaction ledger, int number, RunScript script) {
    Deployment first = deployment(number, 1);
    String key = "queue " + number;
    long id = ledger.addDeployment(first, T0);
    ledger.lockQueue(key).enqueue(new QueueEntry(id, 1, first), ROUTE, T0);
    ledger.addStatus(id, 1, new Status(GithubState.IN_PROGRESS, "Starting"), T0);
    return new Accepted(
        id, new ScriptedRun(script, request -> requestStop(id, number, key, request)));
  }

  private void requestStop(long deployment, int number, String key, Fact.StopRequested request) {
    switch (request) {
      case Fact.Replaced replaced -> replace(number, key, replaced);
      case Fact.CancelRequested cancel -> {
        Optional<CancelResult> result = inbox.record(ledger -> ledger.cancel(deployment, cancel));
        assertThat(result).contains(new CancelResult.Requested());
      }
    }
    worker.signalStops();
  }

  private void replace(int number, String key, Fact.Replaced replaced) {
    Deployment second = deployment(number, 2);
    Optional<QueueMember> _ =
        inbox.record(
            ledger -> {
              long id = ledger.addDeployment(second, replaced.at());
              return ledger.lockQueue(key).requestStop(new QueueEntry(id, 1, second), replaced);
            });
  }

  @Test
  @Timeout(180)
  void the_real_loop_makes_the_moves_and_leaves_the_facts_that_the_walk_reckons_with()
      throws InterruptedException {
    List<RunScript> scripts = RunScript.all(new RunScript.Way(RunState.begin(2, 2)), DEPTH);
    RunScript.Way begin = new RunScript.Way(RunState.begin(1, 1));
    RunScript.Way refused = begin.judged(Verdict.Refused.class);
    for (RunScript.Way way :
        List.of(
            begin.judged(Verdict.Accepted.class),
            begin.judged(Verdict.Unknown.class),
            refused,
            refused.judged(Verdict.Accepted.class))) {
      scripts.addAll(RunScript.all(way, DEPTH));
    }
    long began = System.nanoTime();
    int deaths = 0;
    for (int from = 0; from < scripts.size(); from += AT_ONCE) {
      int first = from;
      List<RunScript> some = scripts.subList(first, Math.min(scripts.size(), first + AT_ONCE));
      List<Accepted> accepted =
          inbox.record(
              ledger -> {
                List<Accepted> all = new ArrayList<>();
                for (RunScript script : some) {
                  all.add(accept(ledger, first + all.size(), script));
                }
                return all;
              });
      finish(accepted);
      for (Accepted one : accepted) {
        check(one);
        deaths += one.run().deaths();
      }
      byThread.clear();
    }
    System.out.printf(
        "The worker went through %,d scripts and %,d lives of a process in %d s%n",
        scripts.size(), scripts.size() + deaths, (System.nanoTime() - began) / 1_000_000_000);
    assertThat(scripts).hasSizeGreaterThan(1_000);
  }

  private void finish(List<Accepted> accepted) throws InterruptedException {
    accepted.forEach(
        one ->
            byThread.put(
                "run-" + deployments.find(one.deployment()).orElseThrow().run().id(), one.run()));
    try (CommitNotifier.Subscription freed = database.notifier().subscribe(CommitNotifier.QUEUE)) {
      while (!accepted.stream().allMatch(one -> one.run().hasEnded()) || worker.activeRuns() > 0) {
        accepted.forEach(one -> assertThat(one.run().failure()).isNull());
        if (!worker.acquireBatch()) {
          boolean _ = freed.await(Duration.ofMillis(20));
        }
      }
    }
  }

  private void check(Accepted one) {
    DeploymentQueries.DeploymentDetails dossier = deployments.find(one.deployment()).orElseThrow();
    RunScript script = one.run().script();
    assertThat(dossier.run().state()).isEqualTo(StoredRun.State.ENDED);
    assertThat(dossier.run().end()).as("%s", script).isEqualTo(script.end());
    assertThat(told(dossier.facts())).as("%s", script).isEqualTo(told(script.last().onDisk()));
    assertThat(stopRequests(dossier.facts())).isEqualTo(stopRequests(script.last().log()));
    assertThat(dossier.statuses().stream().filter(status -> status.status().state().isFinal()))
        .as("final statuses of %s", script)
        .hasSize(1);
  }

  /** Where a request to stop stands among the facts says nothing: it may come at any time. */
  private static List<Fact> told(List<Fact> facts) {
    return facts.stream().filter(fact -> !(fact instanceof Fact.StopRequested)).toList();
  }

  private static List<Fact> stopRequests(List<Fact> facts) {
    return facts.stream().filter(Fact.StopRequested.class::isInstance).toList();
  }
}
