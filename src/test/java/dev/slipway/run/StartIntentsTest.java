package dev.slipway.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.Deployment;
import dev.slipway.model.End;
import dev.slipway.model.Environment;
import dev.slipway.model.Fact;
import dev.slipway.model.GithubState;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.Repository;
import dev.slipway.model.RunPurpose;
import dev.slipway.model.StopResult;
import dev.slipway.runlog.RunLog;
import dev.slipway.secret.Redactor;
import dev.slipway.secret.Secret;
import dev.slipway.store.Database;
import dev.slipway.store.DatabaseLogin;
import dev.slipway.store.Lease;
import dev.slipway.store.LeasedRun;
import dev.slipway.store.Logs;
import dev.slipway.store.StartIntent;
import dev.slipway.store.StoredDeployment;
import dev.slipway.store.StoredRun;
import dev.slipway.store.TestDatabases;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Launches;
import dev.slipway.targets.NotConfigured;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which runs are written down as being started with the commit that keeps them. */
class StartIntentsTest {
  private static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final CommandHost HERE = new CommandHost("folder", "machine", "boot");

  private final CommandSlots slots = new CommandSlots(1);
  private final Database database =
      Database.open(TestDatabases.SQLITE.url(), new DatabaseLogin(null, null));

  @AfterEach
  void close() {
    database.close();
  }

  /** A command that nobody starts. */
  private record Command(String name) implements Target {
    @Override
    public String destination() {
      return "run folder";
    }

    @Override
    public AttemptLimits limits() {
      return new AttemptLimits(HOUR, HOUR, HOUR, HOUR);
    }

    @Override
    public Optional<CommandHost> host() {
      return Optional.of(HERE);
    }

    @Override
    public PreparedStart preview(Attempt attempt) {
      throw new AssertionError("prepared");
    }

    @Override
    public PollResult poll(Attempt attempt, String id, AttemptLog log) {
      throw new AssertionError("looked at");
    }

    @Override
    public LookupResult lookUp(Attempt attempt, AttemptLog log) {
      throw new AssertionError("looked for");
    }

    @Override
    public StopResult stop(Attempt attempt, String id, AttemptLog log) {
      throw new AssertionError("stopped");
    }
  }

  /** Asks somebody about each run. */
  private static final class Asking implements StartGate {
    @Override
    public boolean turnsAwayHeld(String route) {
      return false;
    }

    @Override
    public boolean isOpen(String route) {
      return false;
    }

    @Override
    public Optional<End> objection(StoredDeployment deployment, StoredRun run, Remarks remarks) {
      throw new AssertionError("asked");
    }
  }

  private Optional<StartIntent> intent(StartGate gate, LeasedRun run, Target... targets) {
    Redactor redactor = new Redactor(List.of(new Secret("hush-hush")));
    return new StartIntents(
            new RouteTargets(
                Map.of("default", List.of(targets)), Launches.EXECUTOR, gate, Integer.MAX_VALUE),
            slots,
            new RunLog(new Logs(database), redactor, () -> T0),
            () -> T0)
        .intend(run);
  }

  private static LeasedRun taken(@Nullable GithubState last, Fact... facts) {
    Deployment deployment =
        new Deployment(
            new Repository("github.com", 7, "octo/hello"),
            42L,
            "a".repeat(40),
            "main",
            new Environment("hush-hush", false, true),
            "deploy",
            "{}",
            "",
            "mia",
            T0);
    return new LeasedRun(
        new Lease(1, 1, 2, "me", 1),
        new StoredDeployment(1, deployment, T0, 0, T0),
        new StoredRun(
            1,
            1,
            2,
            "default",
            List.of("first", "second"),
            RunPurpose.DEPLOY,
            "key",
            StoredRun.State.RUNNING,
            T0,
            T0,
            null,
            null),
        List.of(facts),
        last);
  }

  @Test
  void a_new_run_intends_its_first_target_and_has_a_slot_for_it() {
    StartIntent intent =
        intent(new OpenStartGate(), taken(GithubState.IN_PROGRESS), new Command("first"))
            .orElseThrow();

    assertThat(intent.fact()).isEqualTo(new Fact.Intended(T0, "first", HERE, "run folder", HOUR));
    assertThat(intent.lines())
        .endsWith("▸ Deploying aaaaaaa of octo/hello to *** (run 2, route default)\n");
    assertThat(slots.tryAcquire(new Lease(1, 1, 2, "me", 2))).isFalse();
  }

  @Test
  void nothing_is_intended_where_somebody_is_to_be_asked_first() {
    assertThat(intent(new Asking(), taken(null), new Command("first"))).isEmpty();
  }

  @Test
  void nothing_is_intended_where_the_first_target_is_skipped() {
    assertThat(
            intent(
                new OpenStartGate(),
                taken(null),
                new NotConfigured("first", "no hook"),
                new Command("second")))
        .isEmpty();
    assertThat(intent(new OpenStartGate(), taken(null), new Command("second"))).isEmpty();
  }

  @Test
  void nothing_is_intended_for_a_run_that_waited_or_has_begun() {
    assertThat(intent(new OpenStartGate(), taken(GithubState.QUEUED), new Command("first")))
        .isEmpty();
    assertThat(
            intent(
                new OpenStartGate(),
                taken(null, new Fact.Replaced(T0, "another")),
                new Command("first")))
        .isEmpty();
    assertThat(slots.tryAcquire(new Lease(1, 1, 2, "me", 1))).as("no slot was taken").isTrue();
  }

  @Test
  void nothing_is_intended_for_a_command_that_has_no_slot() {
    assertThat(slots.tryAcquire(new Lease(9, 9, 1, "me", 1))).isTrue();
    assertThat(intent(new OpenStartGate(), taken(null), new Command("first"))).isEmpty();
  }
}
