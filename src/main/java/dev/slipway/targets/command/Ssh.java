package dev.slipway.targets.command;

import dev.slipway.model.Attempt;
import dev.slipway.model.AttemptLimits;
import dev.slipway.model.End;
import dev.slipway.model.LookupResult;
import dev.slipway.model.PollResult;
import dev.slipway.model.StartAnswer;
import dev.slipway.model.StopResult;
import dev.slipway.model.Verdict;
import dev.slipway.targets.AttemptLog;
import dev.slipway.targets.Fence;
import dev.slipway.targets.FencedException;
import dev.slipway.targets.PreparedStart;
import dev.slipway.targets.Target;
import dev.slipway.targets.command.SshLink.Ran;
import dev.slipway.time.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs the operator's command on a server. The command outlives the connection and Slipway: output
 * and exit code stay on the server, in {@code ~/.slipway/ID}, for two days, and every look is a
 * short script that reads on from there.
 */
public final class Ssh implements Target {
  private static final long CHUNK = 4 << 20;
  private static final Duration NAP = Duration.ofMillis(200);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final int LAST_LOOKS = 50;
  private static final SshLink.Output NOTHING = _ -> {};
  private static final String STOPPED = "the command was stopped";

  private final String name;
  private final SshConfig config;
  private final Time time;
  private final CommandTimings pace;
  private final SshLink link;
  private final Map<RunId, ReadOffset> received = new ConcurrentHashMap<>();

  public Ssh(String name, SshConfig config, Time time) {
    this(name, config, time, CommandTimings.USUAL, SILENCE);
  }

  Ssh(String name, SshConfig config, Time time, CommandTimings pace, Duration silence) {
    this.name = name;
    this.config = config;
    this.time = time;
    this.pace = pace;
    this.link = new SshLink(config, silence);
  }

  /** What is wrong with the settings, in words for an operator; empty when nothing is. */
  public static List<String> problems(SshConfig config) {
    return SshSettings.problems(config);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isCommand() {
    return true;
  }

  @Override
  public String destination() {
    return "%s@%s:%d".formatted(config.user(), config.host(), config.port());
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
    return problems.isEmpty()
        ? new PreparedStart.Launch(
            "sh on " + destination(),
            config.command(),
            variables.values(),
            Set.of(),
            fence -> launch(attempt, variables, fence))
        : PreparedStart.Declined.refused(String.join("; ", problems));
  }

  private StartAnswer launch(Attempt attempt, CommandVariables variables, Fence fence)
      throws FencedException, InterruptedException {
    RunId id = RunId.of(attempt);
    return switch (run(id, variables, fence)) {
      case Ran.NotReached(String reason) -> new StartAnswer.Busy(reason, AGAIN);
      case Ran.TurnedAway(String reason) -> new Verdict.Refused(reason);
      case Ran.Lost(_, String reason) -> new Verdict.Unknown(reason);
      case Ran.Done(ScriptReply told, OptionalInt exitStatus) -> started(id, told, exitStatus);
    };
  }

  private Ran run(RunId id, CommandVariables variables, Fence fence)
      throws FencedException, InterruptedException {
    return link.start(
        Scripts.START,
        List.of(id.toString(), Scripts.REMOTE_SUPERVISE),
        fence,
        stdin -> {
          StdinEncoder data = new StdinEncoder(stdin);
          for (var variable : variables.values().entrySet()) {
            data.variable(variable.getKey(), variable.getValue());
          }
          data.payload(variables.payload());
          data.command(config.command());
          data.end();
        });
  }

  /**
   * A server may lose what a script says, so only one that never began surely did nothing: it did
   * not say hello, and what ended instead of it failed, as a login shell that runs no commands
   * does.
   */
  private StartAnswer silent(ScriptReply told, OptionalInt exitStatus) {
    return told.said("hello") || !isOfNoScript(exitStatus)
        ? new Verdict.Unknown(where() + " did not say whether it started: " + told.stray())
        : new Verdict.Refused(where() + " does not run commands: " + told.stray());
  }

  /** The script itself ends with 0, and not before it said hello. */
  private static boolean isOfNoScript(OptionalInt exitStatus) {
    return exitStatus.isPresent() && exitStatus.getAsInt() != 0 && exitStatus.getAsInt() < 128;
  }

  private StartAnswer started(RunId id, ScriptReply told, OptionalInt exitStatus) {
    if (told.said("taken")) {
      return new Verdict.Unknown(host(id) + " exists already");
    }
    return told.after("started")
        .<StartAnswer>map(
            pid -> new Verdict.Accepted(id.toString(), "pid " + pid + " on " + where()))
        .or(() -> told.after("refused").map(why -> new Verdict.Refused(where() + " " + why)))
        .orElseGet(() -> silent(told, exitStatus));
  }

  @Override
  public PollResult poll(Attempt attempt, String text, AttemptLog log) throws InterruptedException {
    Optional<RunId> parsed = RunId.parse(text);
    if (parsed.isEmpty()) {
      return new PollResult.Over(
          new End.Errored("No run of a command is called " + text + "; outcome unknown"));
    }
    RunId id = parsed.get();
    long begun = time.nanos();
    PollResult seen = look(id, log);
    while (seen instanceof PollResult.Going && time.since(begun).compareTo(pace.look()) < 0) {
      seen = look(id, log);
    }
    if (seen instanceof PollResult.Over) {
      received.remove(id);
    }
    return seen;
  }

  private PollResult look(RunId id, AttemptLog log) throws InterruptedException {
    return switch (read(id, log)) {
      case Ran.Broken broken -> unseen(id, broken.reason());
      case Ran.Done(ScriptReply told, _) -> judge(id, told, log);
    };
  }

  private Ran read(RunId id, AttemptLog log) throws InterruptedException {
    ReadOffset before = received.computeIfAbsent(id, _ -> new ReadOffset("-", time.instant()));
    long[] count = {0};
    Ran ran =
        link.run(
            Scripts.LOOK,
            List.of(
                id.toString(),
                before.offset(),
                Long.toString(pace.keep()),
                Long.toString(CHUNK),
                naps(pace.grace()),
                naps(pace.look())),
            _ -> {},
            bytes -> {
              log.output(bytes, 0, bytes.length);
              count[0] += bytes.length;
            });
    Optional<ScriptReply> told =
        switch (ran) {
          case Ran.NotReached _, Ran.TurnedAway _ -> Optional.empty();
          case Ran.Lost(ScriptReply said, _) -> Optional.of(said);
          case Ran.Done(ScriptReply said, _) -> Optional.of(said);
        };
    told.flatMap(said -> said.number("at"))
        .ifPresent(at -> received.put(id, before.plus(at, count[0], time.instant())));
    return ran;
  }

  private PollResult judge(RunId id, ScriptReply told, AttemptLog log) throws InterruptedException {
    Optional<String> code = told.after("exit");
    if (code.isPresent()) {
      return new PollResult.Over(end(code.get(), told, log));
    }
    if (told.said("gone")) {
      return new PollResult.Over(
          new End.Errored("Nothing is left of the run in " + host(id) + "; outcome unknown"));
    }
    if (!told.said("running")) {
      return unseen(id, where() + " did not say how it goes: " + told.stray());
    }
    Instant lastOutput =
        Optional.ofNullable(received.get(id)).map(ReadOffset::lastOutput).orElseGet(id::started);
    Optional<String> exceeded =
        new CommandLimits("DEPLOY_SSH", config.timeout(), config.idleTimeout())
            .exceeded(id.started(), lastOutput, time.instant());
    return exceeded.isPresent()
        ? endedBecause(exceeded.get(), id, log)
        : new PollResult.Going("running", Duration.ZERO);
  }

  private End end(String code, ScriptReply told, AttemptLog log) {
    return code.matches("\\d{1,3}")
        ? CommandEnd.of(
            Integer.parseInt(code),
            told.answer().getBytes(StandardCharsets.UTF_8),
            "DEPLOY_SSH_COMMAND",
            log)
        : new End.Errored(
            "The command was interrupted with all that watched it, perhaps by a restart of "
                + where()
                + "; outcome unknown");
  }

  private PollResult endedBecause(String reason, RunId id, AttemptLog log)
      throws InterruptedException {
    return switch (stop(id)) {
      case Ran.Done _ -> {
        drain(id, log);
        yield new PollResult.Over(new End.Failed(reason));
      }
      case Ran.Broken broken -> unseen(id, broken.reason());
    };
  }

  private void drain(RunId id, AttemptLog log) throws InterruptedException {
    for (int looks = 0; looks < LAST_LOOKS; looks++) {
      if (!(read(id, log) instanceof Ran.Done(ScriptReply told, _)) || !told.said("running")) {
        return;
      }
    }
  }

  private PollResult unseen(RunId id, String reason) {
    return time.instant().isBefore(id.started().plus(config.timeout()))
        ? new PollResult.Unseen(reason, AGAIN)
        : new PollResult.Over(
            new End.Errored(
                "Connection lost; outcome unknown. Look at " + host(id) + ". " + reason));
  }

  @Override
  public LookupResult lookUp(Attempt attempt, AttemptLog log) throws InterruptedException {
    RunId intended = RunId.of(attempt);
    Ran ran =
        link.run(
            Scripts.FIND,
            List.of(intended.prefix(), Long.toString(intended.notBefore()), intended.toString()),
            _ -> {},
            NOTHING);
    return switch (ran) {
      case Ran.Broken broken -> new LookupResult.Unreachable(broken.reason(), AGAIN);
      case Ran.Done(ScriptReply told, _) -> found(told, intended);
    };
  }

  private LookupResult found(ScriptReply told, RunId intended) {
    Optional<RunId> id = told.after("found").flatMap(RunId::parse);
    if (id.isPresent()) {
      return new LookupResult.Found(id.get().toString(), "its run is in " + host(id.get()));
    }
    return told.said("absent")
        ? new LookupResult.NotThere("no run of it on " + where(), Duration.ofSeconds(1))
        : new LookupResult.Unreachable("Look for " + host(intended) + ": " + told.stray(), AGAIN);
  }

  @Override
  public StopResult stop(Attempt attempt, String text, AttemptLog log) throws InterruptedException {
    Optional<RunId> id = RunId.parse(text);
    if (id.isEmpty()) {
      return new StopResult.Done("no run of a command is called " + text);
    }
    return switch (stop(id.get())) {
      case Ran.Broken broken ->
          new StopResult.NotYet(
              "it may still run in " + host(id.get()) + ": " + broken.reason(), AGAIN);
      case Ran.Done(ScriptReply told, _) -> {
        drain(id.get(), log);
        received.remove(id.get());
        yield new StopResult.Done(
            told.after("stopped").filter("running"::equals).isPresent()
                ? STOPPED
                : "the command had already ended");
      }
    };
  }

  private Ran stop(RunId id) throws InterruptedException {
    return link.run(Scripts.STOP, List.of(id.toString(), naps(pace.grace())), _ -> {}, NOTHING);
  }

  private static String naps(Duration duration) {
    return Long.toString(Math.max(1, duration.dividedBy(NAP)));
  }

  /** How many connections to the server there are. */
  int connections() {
    return link.connections();
  }

  private String where() {
    return config.user() + "@" + config.host();
  }

  private String host(RunId id) {
    return where() + ":~/.slipway/" + id;
  }

  @Override
  public void close() {
    link.close();
  }
}
