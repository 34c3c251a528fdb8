package dev.slipway.crash;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A PostgreSQL of its own, which is stopped as by a power switch (SIGQUIT to all of it: no
 * checkpoint, open transactions cut) and started again on what it left.
 */
final class OwnPostgres implements StateStore {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  private final EmbeddedPostgres embedded;
  private final Path data;
  private final String url;
  private Optional<Process> own = Optional.empty();

  /**
   * @param folder the one of the round
   */
  OwnPostgres(Path folder) throws IOException {
    this.data = folder.resolve("postgres");
    this.embedded =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            // What the tests' database does without, and what Slipway promises to rely on
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("fsync", "on")
            .start();
    this.url = embedded.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public String name() {
    return "PostgreSQL, stopped";
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public void lapse() {
    ElapsedTime.on(url);
  }

  @Override
  public boolean canFail() {
    return true;
  }

  @Override
  public void fail() throws IOException, InterruptedException {
    long pid =
        Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    int _ = new ProcessBuilder("kill", "-QUIT", String.valueOf(pid)).start().waitFor();
    Optional<ProcessHandle> server = ProcessHandle.of(pid);
    if (server.isPresent()) {
      var _ = server.get().onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  @Override
  public void recover() throws IOException, InterruptedException {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      return;
    }
    Process server =
        new ProcessBuilder(commandLine())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(data.resolveSibling("postgres.log").toFile()))
            .start();
    own = Optional.of(server);
    Path pidFile = data.resolve("postmaster.pid");
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!(Files.exists(pidFile) && Files.readString(pidFile).contains("ready"))) {
      if (server.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > until) {
        throw new IOException(
            "PostgreSQL does not start, see " + data.resolveSibling("postgres.log"));
      }
    }
  }

  /** The line by which it was started first; root has to be somebody else to be let in. */
  private List<String> commandLine() throws IOException {
    List<String> line = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      line.addAll(List.of("unshare", "-U"));
    }
    WORD.matcher(Files.readString(data.resolve("postmaster.opts")).strip())
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .forEach(line::add);
    return line;
  }

  @Override
  public void close() {
    try {
      recover();
      embedded.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    own.ifPresent(Process::destroyForcibly);
  }
}
