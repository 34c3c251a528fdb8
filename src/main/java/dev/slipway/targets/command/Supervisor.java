package dev.slipway.targets.command;

import dev.slipway.time.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts commands here, each below a supervisor that leads a session and a group of its own. The
 * next command's supervisor is started behind the last one, and waits for its order. All that a
 * command needs is in its directory, its environment and the order that the supervisor has got, so
 * one that starts lacks nothing, whatever became of us.
 */
final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /** In bytes: much longer than what is kept of it when its secrets are out. */
  private static final int LONGEST_LINE = 8 * 1024;

  private static final Duration STEP = Duration.ofMillis(2);
  private static final Duration FOR_THE_START = Duration.ofSeconds(10);
  private static final Duration FOR_THE_END = Duration.ofSeconds(1);

  /**
   * What a shell of one's own tells otherwise: its number, its parent's and its name; and what may
   * read more of the like from somewhere else.
   */
  private static final Pattern OF_ITS_OWN_SHELL =
      Pattern.compile(
          "\\$\\{?[$0]|\\\\\\$|PPID|BASHPID|\\b(?:eval|source)\\b|(?<![\\w./-])\\.(?![\\w./-])");

  /** What means something to a shell that runs, or cannot be set in one; harmless at its start. */
  private static final Pattern OF_THE_SHELL =
      Pattern.compile(
          "_|IFS|P?PID|E?UID|GROUPS|OPT(?:IND|ARG|ERR)|LINENO|RANDOM|SECONDS|ENV|SHELLOPTS|SHLVL"
              + "|POSIXLY_CORRECT|PS\\d|PWD|OLDPWD|CDPATH|DIRSTACK|FUNCNAME|(?:BASH|MAIL|HIST).*");

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String UMASK_FIELD = "Umask:";
  private static final String UMASK = umask();
  private final ShellConfig config;
  private final Optional<CommandUser> user;
  private final ProcessWatcher watcher;
  private final Supplier<Spawner> spawner;
  private final Time time;
  private final AtomicReference<@Nullable StandbySupervisor> ready = new AtomicReference<>();
  private final ReentrantLock preparing = new ReentrantLock();
  private volatile boolean isClosed;

  Supervisor(
      ShellConfig config,
      Optional<CommandUser> user,
      ProcessWatcher watcher,
      Supplier<Spawner> spawner,
      Time time) {
    this.config = config;
    this.time = time;
    this.user = user;
    this.watcher = watcher;
    this.spawner = spawner;
  }

  /** One that was started ahead of time, if there is one. */
  Optional<StandbySupervisor> ready() {
    return Optional.ofNullable(ready.getAndSet(null)).filter(StandbySupervisor::isWaiting);
  }

  boolean isReady() {
    StandbySupervisor waiting = ready.get();
    return waiting != null && waiting.isWaiting();
  }

  /** Starts one ahead of time, unless there is one or another thread is at it. */
  private void prepare() {
    if (!preparing.tryLock()) {
      return;
    }
    try {
      if (!isClosed && ready.get() == null) {
        ready.set(standby());
      }
    } catch (IOException e) {
      LOG.debug("No supervisor waits for the next command: {}", e.getMessage());
    } finally {
      preparing.unlock();
    }
  }

  /** Ends the one that waits; no further one is started ahead of time. */
  @Override
  public void close() {
    isClosed = true;
    try {
      // Who is at it sees that it is closed, or leaves one that ends with us
      boolean isLocked = preparing.tryLock(FOR_THE_END.toNanos(), TimeUnit.NANOSECONDS);
      try {
        StandbySupervisor waiting = ready.getAndSet(null);
        if (waiting != null) {
          waiting.close();
          boolean _ = waiting.child().hasEnded(FOR_THE_END);
        }
      } finally {
        if (isLocked) {
          preparing.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts a supervisor, which waits for its order.
   *
   * @throws IOException when it surely was not started
   */
  StandbySupervisor standby() throws IOException {
    Path directory;
    try {
      directory = RunDirectory.prepare(config.runs());
    } catch (IOException e) {
      throw new IOException("cannot write to " + config.runs() + ": " + e, e);
    }
    try {
      return standby(directory, spawner.get().start(spawn(directory)));
    } catch (IOException e) {
      RunDirectory.discard(directory);
      throw e;
    }
  }

  private static StandbySupervisor standby(Path directory, Spawner.Child child) throws IOException {
    try {
      ProcessIdentity leader = ProcessIdentity.ofChild(child.number());
      RunDirectory.lead(directory, leader);
      return new StandbySupervisor(directory, leader, child);
    } catch (IOException e) {
      // It ends without an order
      child.input().close();
      throw e;
    }
  }

  /**
   * Starts the command.
   *
   * @param standby whose directory is the run's now
   * @return why it surely did not start; empty when it did
   */
  Optional<String> start(StandbySupervisor standby, RunDirectory run, CommandVariables variables)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("before the order");
    }
    standby.order(order(run, variables));
    awaitClaim(run, standby.child());
    if (!run.forbid()) {
      watcher.expect(standby.leader(), standby.child().exit());
      // The command goes first
      Thread _ = Thread.ofVirtual().name("standby").start(this::prepare);
      return Optional.empty();
    }
    end(standby);
    return Optional.of("its supervisor did not start it: " + firstLine(run));
  }

  /** Ends one that was forbidden to start the command: the run's directory may be made again. */
  void end(StandbySupervisor standby) throws IOException, InterruptedException {
    standby.child().kill();
    ProcessGroup group = new ProcessGroup(standby.leader(), time);
    boolean _ = group.end(Duration.ZERO, () -> {});
    if (!group.isEmpty()) {
      throw new IOException("its supervisor does not end");
    }
  }

  /** What waits for an order knows none of the operator's secrets. */
  private Spawner.Spawn spawn(Path directory) {
    Map<String, String> environment = new HashMap<>();
    config
        .environment()
        .forEach(
            (name, value) -> {
              if (isShells(name)) {
                environment.put(name, value.reveal());
              }
            });
    List<String> line = new ArrayList<>();
    line.addAll(List.of("/bin/sh", "-c", Scripts.LOCAL, "slipway", directory.toString(), UMASK));
    user.ifPresent(who -> line.addAll(List.of(Long.toString(who.uid()), Long.toString(who.gid()))));
    return new Spawner.Spawn(line, directory, environment, directory.resolve("output"));
  }

  private LaunchOrder order(RunDirectory run, CommandVariables deployment) {
    LaunchOrder order = new LaunchOrder().set("slipway_dir", run.path().toString());
    user.ifPresent(
        who ->
            order
                .export("HOME", who.home())
                .export("USER", who.name())
                .export("LOGNAME", who.name()));
    config
        .environment()
        .forEach(
            (name, value) -> {
              if (!isShells(name)) {
                var _ = order.export(name, value.reveal());
              }
            });
    deployment.values().forEach(order::export);
    if (!readsFile()) {
      var _ = order.set("slipway_command", config.command());
    }
    return order
        .export("SLIPWAY_OUTPUT", run.answer().toString())
        .export("SLIPWAY_PAYLOAD_FILE", run.payload().toString())
        .enter(config.workingDirectory().toAbsolutePath().toString());
  }

  private static boolean isShells(String name) {
    return OF_THE_SHELL.matcher(name).matches();
  }

  /**
   * Whether the command has to be in a file, for a shell of its own: that of another user, or since
   * it is too large for a variable, or since it may notice whose shell it is in.
   */
  boolean readsFile() {
    String command = config.command();
    return user.isPresent()
        || !CommandVariables.fits(command)
        || OF_ITS_OWN_SHELL.matcher(command.replace("\\\n", "")).find();
  }

  /** The command's umask; empty where the system does not tell, then the script asks. */
  private static String umask() {
    try (Stream<String> status = Files.lines(STATUS)) {
      return status
          .filter(line -> line.startsWith(UMASK_FIELD))
          .map(line -> line.substring(UMASK_FIELD.length()).strip())
          .findFirst()
          .orElse("");
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  private void awaitClaim(RunDirectory run, Spawner.Child child)
      throws IOException, InterruptedException {
    long begun = time.nanos();
    while (!run.isTaken() && time.since(begun).compareTo(FOR_THE_START) < 0) {
      if (child.hasEnded(STEP)) {
        return;
      }
    }
  }

  private static String firstLine(RunDirectory run) throws IOException {
    try (var in = Files.newInputStream(run.output())) {
      return new String(in.readNBytes(LONGEST_LINE), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElse("no reason given");
    }
  }
}
