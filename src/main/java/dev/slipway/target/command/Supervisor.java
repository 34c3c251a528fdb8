package dev.slipway.target.command;

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
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Starts commands here, each below a supervisor that leads a session and a group of its own. All
 * that a command needs is in its directory and its environment before there is a process, so one
 * that starts lacks nothing, whatever became of us.
 */
final class Supervisor {
  private static final Duration STEP = Duration.ofMillis(2);
  private static final Duration FOR_THE_START = Duration.ofSeconds(10);
  private static final Path NOTHING = Path.of("/dev/null");

  /**
   * What a shell of one's own tells otherwise: its number, its parent's and its name; and what may
   * read more of the like from somewhere else.
   */
  private static final Pattern OF_ITS_OWN_SHELL =
      Pattern.compile(
          "\\$\\{?[$0]|\\\\\\$|PPID|BASHPID|\\b(?:eval|source)\\b|(?<![\\w./-])\\.(?![\\w./-])");

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String UMASK_FIELD = "Umask:";
  private static final String UMASK = umask();
  private final ShellConfig config;
  private final Optional<CommandUser> user;
  private final Watcher watcher;
  private final Supplier<Spawner> spawner;

  Supervisor(
      ShellConfig config, Optional<CommandUser> user, Watcher watcher, Supplier<Spawner> spawner) {
    this.config = config;
    this.user = user;
    this.watcher = watcher;
    this.spawner = spawner;
  }

  /**
   * Starts the command.
   *
   * @return why it surely did not start; empty when it did
   */
  Optional<String> start(RunDirectory run, Variables variables)
      throws IOException, InterruptedException {
    Spawner.Child child = spawner.get().start(spawn(run, variables(run, variables)));
    awaitClaim(run, child);
    if (!run.forbid()) {
      Optional<Leader> leader = run.leader();
      leader.ifPresent(known -> watcher.expect(known, child.exit()));
      return Optional.empty();
    }
    // The directory's name may be used again, so it has to be gone from there
    child.kill();
    return Optional.of("its supervisor did not start it: " + firstLine(run));
  }

  private Spawner.Spawn spawn(RunDirectory run, Map<String, String> variables) throws IOException {
    Map<String, String> spelled = new HashMap<>(variables);
    spelled.values().removeIf(spawner.get()::takes);
    Map<String, String> environment = new HashMap<>(variables);
    environment.keySet().removeAll(spelled.keySet());
    List<String> line = new ArrayList<>();
    String script = spelled.isEmpty() ? Scripts.LOCAL : Scripts.LOCAL_SPELLED;
    line.addAll(List.of("/bin/sh", "-c", script, "slipway", run.path().toString(), UMASK));
    user.ifPresent(who -> line.addAll(List.of(Long.toString(who.uid()), Long.toString(who.gid()))));
    return new Spawner.Spawn(
        line,
        config.workingDirectory(),
        environment,
        spelled.isEmpty() ? NOTHING : run.spell(spelled),
        run.output());
  }

  private Map<String, String> variables(RunDirectory run, Variables deployment) {
    Map<String, String> all = new HashMap<>();
    user.ifPresent(
        who -> {
          all.put("HOME", who.home());
          all.put("USER", who.name());
          all.put("LOGNAME", who.name());
        });
    config.environment().forEach((name, value) -> all.put(name, value.reveal()));
    all.putAll(deployment.values());
    if (!readsFile()) {
      all.put("slipway_command", config.command());
    }
    all.put("SLIPWAY_OUTPUT", run.answer().toString());
    all.put("SLIPWAY_PAYLOAD_FILE", run.payload().toString());
    return all;
  }

  /**
   * Whether the command has to be in a file, for a shell of its own: that of another user, or since
   * it is too large for a variable, or since it may notice whose shell it is in.
   */
  boolean readsFile() {
    String command = config.command();
    return user.isPresent()
        || !Variables.fits(command)
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

  private static void awaitClaim(RunDirectory run, Spawner.Child child)
      throws InterruptedException {
    long until = System.nanoTime() + FOR_THE_START.toNanos();
    while (!run.isClaimed() && System.nanoTime() < until) {
      if (child.hasEnded(STEP)) {
        return;
      }
    }
  }

  private static String firstLine(RunDirectory run) throws IOException {
    try (var in = Files.newInputStream(run.output())) {
      return new String(in.readNBytes(500), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElse("no reason given");
    }
  }
}
