package dev.slipway.targets.command;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.CommandHost;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.secret.Secret;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Fence;
import dev.slipway.targets.FencedException;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import dev.slipway.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the operator's command here. The command outlives Slipway: its output and its exit code go
 * to a directory of the run, and whoever comes next goes on from there. All that the command leaves
 * running in its process group is ended with it; what is meant to stay belongs to the system's own
 * service manager, or behind {@code setsid}.
 */
public final class Shell implements Target {
  private static final Duration LIVELY = Duration.ofMillis(25);
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final Duration YOUNG = Duration.ofMillis(100);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final String STOPPED = "the command was stopped";
  private static final String HAD_ENDED = "the command had already ended";

  private final String name;
  private final ShellConfig config;
  private final Time time;
  private final CommandTimings pace;
  private final Optional<CommandUser> user;
  private final ProcessWatcher watcher;
  private final Supervisor supervisor;
  private volatile @Nullable CommandHost host;

  /**
   * @param watcher tells when commands have ended; one for all targets
   */
  public Shell(String name, ShellConfig config, Time time, ProcessWatcher watcher) {
    this(name, config, time, CommandTimings.USUAL, watcher, SystemSpawner::get);
  }

  Shell(
      String name,
      ShellConfig config,
      Time time,
      CommandTimings pace,
      ProcessWatcher watcher,
      Supplier<Spawner> spawner) {
    this.name = name;
    this.watcher = watcher;
    this.config = config;
    this.time = time;
    this.pace = pace;
    this.user = Optional.ofNullable(config.user()).flatMap(CommandUser::named);
    this.supervisor = new Supervisor(config, user, watcher, spawner, time);
  }

  /** What is wrong with the settings, in words for an operator; empty when nothing is. */
  public static List<String> problems(ShellConfig config) {
    List<String> problems = new ArrayList<>();
    if (config.command().isBlank()) {
      problems.add(config.setting() + " is empty; set it to the command that runs");
    }
    if (config.command().indexOf('\0') >= 0) {
      problems.add(config.setting() + " holds a NUL; remove it");
    }
    if (!Files.isDirectory(config.workingDirectory())) {
      problems.add(
          "the working directory "
              + config.workingDirectory()
              + " of "
              + config.setting()
              + " does not exist");
    }
    for (Map.Entry<String, Secret> variable : config.environment().entrySet()) {
      // The supervisor's own variables begin with slipway_
      if (!variable.getKey().matches("(?!slipway_)[A-Za-z_][A-Za-z0-9_]*")) {
        problems.add("\"" + variable.getKey() + "\" cannot be the name of a variable; change it");
      }
      if (variable.getValue().reveal().indexOf('\0') >= 0) {
        problems.add("the variable " + variable.getKey() + " holds a NUL; remove it");
      }
    }
    return problems;
  }

  /** Why the command cannot run as the user that was set; not a word when it can. */
  public static Optional<String> problemWithUser(ShellConfig config) {
    return Optional.ofNullable(config.user())
        .flatMap(name -> CommandUser.problemWith(name, config.runs()));
  }

  /**
   * Deletes what is left of runs that were over, or forbidden, before this.
   *
   * @param runs the directory that {@link ShellConfig#runs} names; it may be missing
   * @throws IOException when one could not be deleted; those before it are gone
   */
  public static void forget(Path runs, Instant before) throws IOException {
    RunDirectory.forget(runs, before);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<CommandHost> host() {
    return Optional.of(commandHost());
  }

  /** Read when it is first asked for, since that may write the name of the host to its folder. */
  private CommandHost commandHost() {
    CommandHost known = host;
    if (known != null) {
      return known;
    }
    synchronized (this) {
      known = host;
      if (known == null) {
        known = HostDirectory.of(config.runs());
        host = known;
      }
      return known;
    }
  }

  @Override
  public String destination() {
    return "run folder " + commandHost().id();
  }

  @Override
  public AttemptLimits limits() {
    return config.limits();
  }

  @Override
  public PreparedStart preview(Attempt attempt) {
    CommandVariables variables = CommandVariables.of(attempt);
    List<String> problems = new ArrayList<>(problems(config));
    variables.problem().ifPresent(problems::add);
    if (config.user() != null && user.isEmpty()) {
      problems.add("there is no user " + config.user() + " of DEPLOY_CMD_USER any more");
    }
    return problems.isEmpty()
        ? new PreparedStart.Launch(
            "/bin/sh in "
                + config.workingDirectory()
                + (config.user() == null ? "" : " as user " + config.user()),
            config.command(),
            variables.values(),
            config.environment().keySet(),
            fence -> launch(attempt, variables, fence))
        : PreparedStart.Declined.refused(String.join("; ", problems));
  }

  private StartAnswer launch(Attempt attempt, CommandVariables variables, Fence fence)
      throws FencedException, InterruptedException {
    Optional<StandbySupervisor> ready = supervisor.ready();
    if (ready.isPresent()) {
      StartAnswer answer = start(ready.get(), attempt, variables, fence);
      if (answer instanceof Verdict.Accepted || answer instanceof Verdict.Unknown) {
        return answer;
      }
      // Nothing was started, and what went wrong may be that it has waited for too long
    }
    StandbySupervisor standby;
    try {
      standby = supervisor.standby();
    } catch (IOException e) {
      InterruptedCallException.rethrow(e);
      return notStarted("the command could not be started: " + e.getMessage());
    }
    return start(standby, attempt, variables, fence);
  }

  private StartAnswer start(
      StandbySupervisor supervising, Attempt attempt, CommandVariables variables, Fence fence)
      throws FencedException, InterruptedException {
    try (StandbySupervisor standby = supervising) {
      return begin(standby, attempt, variables, fence);
    }
  }

  private StartAnswer begin(
      StandbySupervisor standby, Attempt attempt, CommandVariables variables, Fence fence)
      throws FencedException, InterruptedException {
    RunId id = RunId.of(attempt);
    RunDirectory run = RunDirectory.at(config.runs(), id);
    try {
      if (!run.create(standby.directory(), variables.payload())) {
        return new Verdict.Unknown(run.path() + " exists already");
      }
      if (supervisor.readsFile()) {
        run.keep(config.command());
      }
      if (user.isPresent()) {
        run.admit(user.get());
      }
    } catch (IOException e) {
      discard(run);
      InterruptedCallException.rethrow(e);
      return notStarted("cannot write to " + run.path() + ": " + e);
    }
    try {
      fence.confirm();
      Optional<String> refusal = supervisor.start(standby, run, variables);
      if (refusal.isPresent()) {
        discard(run);
        return notStarted("the command could not be started: " + refusal.get());
      }
      return new Verdict.Accepted(id.toString(), "pid " + standby.leader().pid());
    } catch (IOException e) {
      InterruptedCallException.rethrow(e);
      return unlessClaimed(standby, run, "the command could not be started: " + e.getMessage());
    }
  }

  /** What is short now may not be in a few seconds, and another target would not be needed. */
  private static StartAnswer notStarted(String reason) {
    return ResourceShortage.isReportedBy(reason)
        ? new StartAnswer.Busy(reason, AGAIN)
        : new Verdict.Refused(reason);
  }

  private StartAnswer unlessClaimed(StandbySupervisor standby, RunDirectory run, String reason)
      throws InterruptedException {
    try {
      if (!run.forbid()) {
        return new Verdict.Unknown(reason);
      }
      supervisor.end(standby);
      discard(run);
      return notStarted(reason);
    } catch (IOException alsoBroken) {
      return new Verdict.Unknown(reason);
    }
  }

  private static void discard(RunDirectory run) {
    try {
      run.delete();
    } catch (IOException stays) {
      // harmless: nothing in it will ever start
    }
  }

  /** Whether a supervisor waits for the next command. */
  boolean isReady() {
    return supervisor.isReady();
  }

  /** Ends what waits for the next command; those that run go on. */
  @Override
  public void close() {
    supervisor.close();
  }

  @Override
  public PollResult poll(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    Optional<RunDirectory> known = directory(id);
    if (known.isEmpty()) {
      return new PollResult.Over(
          new End.Errored("No run of a command is called " + id + "; outcome unknown"));
    }
    RunDirectory run = known.get();
    try {
      Optional<End> over = run.over();
      if (over.isPresent()) {
        // Whoever wrote it down may have died before the rest was gone
        run.clear();
        return new PollResult.Over(over.get());
      }
      Optional<ProcessIdentity> leader = run.leader();
      if (leader.isEmpty() || !run.isClaimed()) {
        return new PollResult.Over(
            new End.Errored("Nothing is left of the run in " + run.path() + "; outcome unknown"));
      }
      try (OutputTail tail = OutputTail.of(run, time)) {
        return look(new FollowedRun(run, leader.get(), tail, log, time));
      }
    } catch (IOException e) {
      InterruptedCallException.rethrow(e);
      return new PollResult.Unseen("cannot read " + run.path() + ": " + e, Duration.ofSeconds(5));
    }
  }

  private PollResult look(FollowedRun run) throws IOException, InterruptedException {
    CommandLimits allowance =
        new CommandLimits("DEPLOY_CMD", config.timeout(), config.idleTimeout());
    long begun = time.nanos();
    Duration limit = howLong(run);
    CountDownLatch ended = watcher.end(run.leader());
    if (ended.getCount() != 0 && run.leader().isHalted()) {
      // Its last reader died while it emptied the file
      run.group().thaw();
    }
    Duration step = LIVELY;
    do {
      boolean heard = run.forward(pace.keep());
      if (ended.getCount() == 0) {
        return over(run);
      }
      Optional<String> exceeded =
          allowance.exceeded(run.directory().started(), run.tail().lastOutput(), time.instant());
      if (exceeded.isPresent()) {
        run.directory().ending(exceeded.get());
        return over(run);
      }
      // Who writes a lot must not fill the disk until the next look
      step = heard ? LIVELY : step.multipliedBy(2);
      step = step.compareTo(QUIET) < 0 ? step : QUIET;
      boolean _ = ended.await(step.toNanos(), TimeUnit.NANOSECONDS);
    } while (time.since(begun).compareTo(limit) < 0);
    return new PollResult.Going("running", Duration.ZERO);
  }

  /** Nobody has been told yet that a young one runs. */
  private Duration howLong(FollowedRun run) {
    Duration age = Duration.between(run.directory().started(), time.instant());
    boolean isYoung = !age.isNegative() && age.compareTo(YOUNG) < 0;
    return isYoung && pace.look().compareTo(LIVELY) > 0 ? LIVELY : pace.look();
  }

  private PollResult over(FollowedRun run) throws IOException, InterruptedException {
    End end = end(run);
    run.directory().over(end, time.instant());
    return new PollResult.Over(end);
  }

  private End end(FollowedRun run) throws IOException, InterruptedException {
    boolean alive = run.leader().isAlive();
    boolean left = run.end(pace);
    if (left && !alive) {
      run.log().log("The command left processes behind; they were ended");
    }
    RunDirectory directory = run.directory();
    Optional<String> reason = directory.ending();
    if (reason.isPresent()) {
      return new End.Failed(reason.get());
    }
    Optional<Integer> code = directory.exitCode();
    return code.isPresent()
        ? CommandEnd.of(code.get(), directory.answered(), config.setting(), run.log())
        : new End.Errored(
            "The command was interrupted with all that watched it, perhaps by a reboot of the"
                + " host; outcome unknown");
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    RunId intended = RunId.of(attempt);
    try {
      for (RunId id : RunDirectory.all(config.runs())) {
        RunDirectory run = RunDirectory.at(config.runs(), id);
        if (id.isAttemptOf(intended) && (run.over().isPresent() || !run.forbid())) {
          return new LookupResult.Found(id.toString(), "its run is in " + run.path());
        }
      }
      boolean _ = RunDirectory.at(config.runs(), intended).forbid();
      // Of a run that another boot began, all that tells of it may be lost
      return doubt(attempt.host())
          .<LookupResult>map(
              why -> new LookupResult.CannotKnow(why + "; check what DEPLOY_CMD did"))
          .orElseGet(
              () ->
                  new LookupResult.NotThere(
                      "no run of it under " + config.runs(), Duration.ofSeconds(1)));
    } catch (IOException e) {
      InterruptedCallException.rethrow(e);
      return new LookupResult.Unreachable(
          "cannot read " + config.runs() + ": " + e, Duration.ofSeconds(5));
    }
  }

  /** Why the folder need not hold what was begun there; empty when it surely does. */
  private Optional<String> doubt(@Nullable CommandHost intended) {
    String then = intended == null ? null : intended.boot();
    if (then == null) {
      return Optional.of("Nothing tells whether the host was rebooted");
    }
    return then.equals(commandHost().boot())
        ? Optional.empty()
        : Optional.of("The host was rebooted");
  }

  @Override
  public StopResult stop(Attempt attempt, String id, AttemptLog log) throws InterruptedException {
    Optional<RunDirectory> known = directory(id);
    try {
      Optional<ProcessIdentity> leader =
          known.isPresent() ? known.get().leader() : Optional.empty();
      if (leader.isEmpty() || known.get().over().isPresent()) {
        return new StopResult.Done(
            known.isPresent() && known.get().isStopped() ? STOPPED : HAD_ENDED);
      }
      RunDirectory run = known.orElseThrow();
      try (OutputTail tail = OutputTail.of(run, time)) {
        FollowedRun following = new FollowedRun(run, leader.get(), tail, log, time);
        if (!leader.get().isAlive()) {
          var _ = over(following);
          return new StopResult.Done(HAD_ENDED);
        }
        following.end(pace);
        run.stopped(STOPPED, time.instant());
        return new StopResult.Done(STOPPED);
      }
    } catch (IOException e) {
      InterruptedCallException.rethrow(e);
      return new StopResult.Done("the command could not be stopped: " + e);
    }
  }

  private Optional<RunDirectory> directory(String id) {
    return RunId.parse(id)
        .map(run -> RunDirectory.at(config.runs(), run))
        .filter(run -> Files.isDirectory(run.path()));
  }
}
