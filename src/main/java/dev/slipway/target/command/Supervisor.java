package dev.slipway.target.command;

import java.io.File;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts commands here, each below a supervisor that leads a session and a group of its own. All
 * that a command needs is in its directory and its environment before there is a process, so one
 * that starts lacks nothing, whatever became of us.
 */
final class Supervisor {
  private static final Duration STEP = Duration.ofMillis(2);
  private static final Duration FOR_THE_START = Duration.ofSeconds(10);
  private static final File NOTHING = new File("/dev/null");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String UMASK_FIELD = "Umask:";
  private static final String UMASK = umask();
  private static final boolean IS_UTF_8 =
      "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "TZ");

  /**
   * Ways to a session of one's own. Java has none, and without one a child whose parent is gone
   * could not be found again to be ended.
   */
  private static final List<List<String>> SESSIONS =
      List.of(
          List.of("/usr/bin/setsid"),
          List.of("/bin/setsid"),
          List.of("/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV", "--"));

  private final ShellConfig config;
  private final Optional<CommandUser> user;
  private final Watcher watcher;

  Supervisor(ShellConfig config, Optional<CommandUser> user, Watcher watcher) {
    this.config = config;
    this.user = user;
    this.watcher = watcher;
  }

  /**
   * Starts the command.
   *
   * @return why it surely did not start; empty when it did
   */
  Optional<String> start(RunDirectory run, Variables variables)
      throws IOException, InterruptedException {
    Optional<List<String>> session =
        SESSIONS.stream().filter(way -> Files.isExecutable(Path.of(way.getFirst()))).findFirst();
    if (session.isEmpty()) {
      return Optional.of("there is neither setsid nor perl in /usr/bin; install util-linux");
    }
    Process process = Processes.start(process(session.get(), run, variables(run, variables)));
    awaitClaim(run, process);
    if (!run.forbid()) {
      Optional<Leader> leader = run.leader();
      leader.ifPresent(child -> watcher.expect(child, process.onExit()));
      return Optional.empty();
    }
    // The directory's name may be used again, so it has to be gone from there
    process.destroyForcibly().waitFor();
    return Optional.of("its supervisor did not start it: " + firstLine(run));
  }

  private ProcessBuilder process(
      List<String> session, RunDirectory run, Map<String, String> variables) throws IOException {
    Map<String, String> spelled = new HashMap<>(variables);
    spelled.values().removeIf(Supervisor::isTakenByJava);
    List<String> line = new ArrayList<>(session);
    String script = spelled.isEmpty() ? Scripts.LOCAL : Scripts.LOCAL_SPELLED;
    line.addAll(List.of("/bin/sh", "-c", script, "slipway", run.path().toString(), UMASK));
    user.ifPresent(who -> line.addAll(List.of(Long.toString(who.uid()), Long.toString(who.gid()))));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(config.workingDirectory().toFile())
            .redirectInput(spelled.isEmpty() ? NOTHING : run.spell(spelled).toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(run.output().toFile()));
    builder.environment().keySet().retainAll(INHERITED);
    variables.forEach(
        (name, value) -> {
          if (!spelled.containsKey(name)) {
            builder.environment().put(name, value);
          }
        });
    return builder;
  }

  /** Java writes an environment in the locale's encoding, and what that lacks as "?". */
  private static boolean isTakenByJava(String value) {
    return IS_UTF_8 || value.chars().allMatch(c -> c < 0x80);
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
    all.put("SLIPWAY_OUTPUT", run.answer().toString());
    all.put("SLIPWAY_PAYLOAD_FILE", run.payload().toString());
    return all;
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

  private static void awaitClaim(RunDirectory run, Process process) throws InterruptedException {
    long until = System.nanoTime() + FOR_THE_START.toNanos();
    while (!run.isClaimed() && System.nanoTime() < until) {
      if (process.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
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
