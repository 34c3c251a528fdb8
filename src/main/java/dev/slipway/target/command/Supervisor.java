package dev.slipway.target.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Starts commands here, each below a supervisor that leads a session and a group of its own. */
final class Supervisor {
  private static final Duration FOR_THE_START = Duration.ofSeconds(10);
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
    Process process = process(session.get(), run).start();
    try (OutputStream stdin = process.getOutputStream()) {
      send(new Data(stdin), run, variables);
    } catch (IOException ended) {
      // The supervisor is gone; its claim tells whether the command started before
    }
    awaitClaim(run, process);
    if (!run.forbid()) {
      var _ = process.onExit().thenRun(watcher::nudge);
      return Optional.empty();
    }
    // The directory's name may be used again, so it has to be gone from there
    process.destroyForcibly().waitFor();
    return Optional.of("its supervisor did not start it: " + firstLine(run));
  }

  private ProcessBuilder process(List<String> session, RunDirectory run) {
    List<String> line = new ArrayList<>(session);
    line.addAll(List.of("/bin/sh", "-c", Scripts.LOCAL, "slipway", run.path().toString()));
    user.ifPresent(who -> line.addAll(List.of(Long.toString(who.uid()), Long.toString(who.gid()))));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(config.workingDirectory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(run.output().toFile()));
    builder.environment().keySet().retainAll(INHERITED);
    return builder;
  }

  private void send(Data data, RunDirectory run, Variables variables) throws IOException {
    if (user.isPresent()) {
      data.variable("HOME", user.get().home());
      data.variable("USER", user.get().name());
      data.variable("LOGNAME", user.get().name());
    }
    for (var variable : config.environment().entrySet()) {
      data.variable(variable.getKey(), variable.getValue().reveal());
    }
    for (var variable : variables.values().entrySet()) {
      data.variable(variable.getKey(), variable.getValue());
    }
    data.variable("SLIPWAY_OUTPUT", run.answer().toString());
    data.variable("SLIPWAY_PAYLOAD_FILE", run.payload().toString());
    data.command(config.command());
    data.end();
  }

  private static void awaitClaim(RunDirectory run, Process process) throws InterruptedException {
    long until = System.nanoTime() + FOR_THE_START.toNanos();
    while (!run.isClaimed() && System.nanoTime() < until) {
      if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
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
