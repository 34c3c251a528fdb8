package dev.slipway.targets.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java's own way to start a process, and a program that makes the session, which Java cannot. */
record SetsidSpawn() implements Spawner {
  private static final List<List<String>> SESSIONS =
      List.of(
          List.of("/usr/bin/setsid"),
          List.of("/bin/setsid"),
          List.of("/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV", "--"));

  @Override
  public Child start(Spawn spawn) throws IOException {
    List<String> line =
        new ArrayList<>(
            SESSIONS.stream()
                .filter(way -> Files.isExecutable(Path.of(way.getFirst())))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IOException(
                            "there is neither setsid nor perl in /usr/bin; install util-linux")));
    line.addAll(spawn.line());
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(spawn.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(spawn.output().toFile()));
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().putAll(spawn.environment());
    Process process = Processes.start(builder);
    return new Child(process.pid(), process.onExit(), process.getOutputStream());
  }
}
