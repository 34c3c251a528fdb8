package dev.slipway.targets.command;

import dev.slipway.model.End;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is on disk about a run of a command; enough to follow it without memory of its start.
 *
 * <p>The first line of {@code pid} is ours and complete before the supervisor has its order, let
 * alone makes {@code claim}, and the command starts only if its supervisor was the one to create
 * {@code claim}; one that is a link is ours and forbids the start for ever. {@code pid} gets a
 * second line, the exit code, once the command has ended. {@code over} holds the end, whole if it
 * closes with a newline, and stays for a day so that the end can be asked for again.
 *
 * <p>It is made under another name, for its supervisor, who waits in it for a run. What never got
 * one is removed by the supervisor, or by the sweep.
 *
 * <p>Nothing of it is on the disk itself when the command starts. So after a loss of power any of
 * it may be missing, and that there is no claim, or no directory, then says nothing.
 */
final class RunDirectory {
  static final FileAttribute<?> OURS_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  static final FileAttribute<?> OURS_ONLY_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<StandardOpenOption> MAKE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final Set<StandardOpenOption> REPLACE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

  private static final Set<OpenOption> EMPTY =
      Set.of(
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING,
          LinkOption.NOFOLLOW_LINKS);

  private static final Set<String> OURS =
      Set.of("output", "answer", "payload", "command", "pid", "claim", "progress", "ending");
  private static final String STOPPED = "stopped";
  private static final String VOID = "void";
  private static final String MADE = "made-";
  // What a loss of power left half written counts as not written
  private static final Pattern PID =
      Pattern.compile("(\\d{1,18}) (\\d{1,18})\\n(?:(\\d{1,3})\\n)?.*", Pattern.DOTALL);
  private static final Pattern OVER =
      Pattern.compile("(?s)(\\d{1,18})\\n(%s)\\n([^\\n]*)\\n(.*)\\n".formatted(kinds()));

  private final RunId id;
  private final Path runs;
  private final Path path;

  private RunDirectory(RunId id, Path runs) {
    this.id = id;
    this.runs = runs;
    this.path = runs.resolve(id.toString());
  }

  static RunDirectory at(Path runs, RunId id) {
    return new RunDirectory(id, runs.toAbsolutePath());
  }

  /** The runs of which something is left. */
  static List<RunId> all(Path runs) throws IOException {
    List<RunId> found = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(runs)) {
      for (Path directory : directories) {
        RunId.parse(directory.getFileName().toString()).ifPresent(found::add);
      }
    } catch (NoSuchFileException none) {
      return found;
    }
    return found;
  }

  /** Deletes what was over, or forbidden, before this. */
  static void forget(Path runs, Instant old) throws IOException {
    for (RunId id : all(runs)) {
      RunDirectory run = at(runs, id);
      // What a loss of power left without its end stays: somebody may still ask whether it ran
      Optional<Instant> idle = run.isForbidden() ? Optional.of(id.started()) : run.overSince();
      if (idle.filter(old::isAfter).isPresent()) {
        run.delete();
      }
    }
    forgetUnused(runs, old);
  }

  /** Deletes what was made before this for a run, and neither got one nor waits for one. */
  private static void forgetUnused(Path runs, Instant old) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(runs, MADE + "*")) {
      for (Path made : all) {
        if (Files.getLastModifiedTime(made).toInstant().isBefore(old) && !isWaiting(made)) {
          discard(made);
        }
      }
    } catch (NoSuchFileException gone) {
      // It got its run meanwhile, or there are no runs; the rest can wait for the next time
    }
  }

  private static boolean isWaiting(Path made) throws IOException {
    Optional<ProcessIdentity> leader = leader(made);
    return leader.isPresent() && leader.get().isAlive();
  }

  /** Makes what can become the directory of any run. */
  static Path prepare(Path runs) throws IOException {
    if (Files.notExists(runs)) {
      Files.createDirectories(runs, OURS_ONLY_DIRECTORY);
    }
    Path made = Files.createTempDirectory(runs.toAbsolutePath(), MADE, OURS_ONLY_DIRECTORY);
    try {
      for (String name : List.of("output", "answer", "payload")) {
        make(made.resolve(name), "");
      }
      return made;
    } catch (IOException e) {
      discard(made);
      throw e;
    }
  }

  /** Deletes what was prepared; what cannot be deleted is as harmless as what a crash leaves. */
  static void discard(Path made) {
    try {
      delete(made);
    } catch (IOException stays) {
      // for the sweep
    }
  }

  /**
   * Makes what was prepared the directory of this run.
   *
   * @return false when there was one already
   */
  boolean create(Path made, String payload) throws IOException {
    try {
      // One that is empty gives way, for it tells nothing
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.exists(path)) {
        throw e;
      }
      return false;
    }
    // To truncate it, empty as it is, would have the file system write it to the disk at once
    Files.writeString(payload(), payload, StandardOpenOption.WRITE);
    return true;
  }

  /** Keeps the command in a file: everybody may read the arguments of a process. */
  void keep(String command) throws IOException {
    make(path.resolve("command"), command);
  }

  private static void make(Path path, String text) throws IOException {
    try (SeekableByteChannel file = Files.newByteChannel(path, MAKE, OURS_ONLY)) {
      write(file, text);
    }
  }

  /** Writes a file that only we may read, whatever the umask; a command's user can name it. */
  static void replace(Path path, String text) throws IOException {
    try (SeekableByteChannel file = Files.newByteChannel(path, REPLACE, OURS_ONLY)) {
      write(file, text);
    }
  }

  private static void write(SeekableByteChannel file, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      int _ = file.write(bytes);
    }
  }

  /**
   * Lets a user read what the command needs and write what it answers. All stays ours, so that
   * nobody can put something else in its place.
   */
  void admit(CommandUser user) throws IOException {
    user.letThrough(runs.resolveSibling(""));
    user.letThrough(runs);
    user.letThrough(path);
    for (String name : List.of("payload", "command")) {
      user.letUse(path.resolve(name), "rw-r-----");
    }
    for (String name : List.of("output", "answer")) {
      user.letUse(path.resolve(name), "rw-rw----");
    }
  }

  static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static void forceNames(Path folder) {
    try {
      force(folder);
    } catch (IOException notSupported) {
      // Some file systems cannot do it for a directory; SQLite goes on then, too
    }
  }

  Instant started() {
    return id.started();
  }

  Path path() {
    return path;
  }

  Path output() {
    return path.resolve("output");
  }

  Path progress() {
    return path.resolve("progress");
  }

  Path answer() {
    return path.resolve("answer");
  }

  Path payload() {
    return path.resolve("payload");
  }

  /**
   * Sees to it that this run never starts, even if its start is still on its way.
   *
   * @return false when it has started already
   */
  boolean forbid() throws IOException {
    if (isTaken()) {
      return false;
    }
    if (!Files.exists(path)) {
      Files.createDirectories(path, OURS_ONLY_DIRECTORY);
    }
    try {
      // A link, for that is there whole or not at all, whenever we are killed
      Files.createSymbolicLink(claim(), Path.of(VOID));
      return true;
    } catch (FileAlreadyExistsException taken) {
      return isForbidden();
    }
  }

  boolean isForbidden() {
    return Files.isSymbolicLink(claim());
  }

  boolean isClaimed() throws IOException {
    return isTaken() || isForbidden();
  }

  /** Whether its supervisor has made the claim, and with it the start. */
  boolean isTaken() throws IOException {
    return FileProbe.exists(claim());
  }

  private Path claim() {
    return path.resolve("claim");
  }

  Optional<ProcessIdentity> leader() throws IOException {
    return leader(path);
  }

  Optional<Integer> exitCode() throws IOException {
    return pid(path).map(parts -> parts.group(3)).map(Integer::valueOf);
  }

  /** Writes down who leads what will run there, before it has its order. */
  static void lead(Path directory, ProcessIdentity leader) throws IOException {
    try (SeekableByteChannel file =
        Files.newByteChannel(directory.resolve("pid"), APPEND, OURS_ONLY)) {
      write(file, leader.pid() + " " + leader.born() + "\n");
    }
  }

  private static Optional<ProcessIdentity> leader(Path directory) throws IOException {
    return pid(directory)
        .map(
            parts ->
                new ProcessIdentity(
                    Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))));
  }

  private static Optional<Matcher> pid(Path directory) throws IOException {
    return read(directory.resolve("pid")).map(PID::matcher).filter(Matcher::matches);
  }

  /** What the command wrote for us; nothing if it put something else than a file there. */
  byte[] answered() throws IOException {
    if (!Files.isRegularFile(answer(), LinkOption.NOFOLLOW_LINKS)) {
      return new byte[0];
    }
    try (var in = Files.newInputStream(answer())) {
      return in.readNBytes(CommandEnd.LARGEST_ANSWER);
    }
  }

  /** Remembers why we are about to end the command. */
  void ending(String reason) throws IOException {
    Path aside = path.resolve("ending.part");
    replace(aside, reason);
    Files.move(aside, path.resolve("ending"), StandardCopyOption.ATOMIC_MOVE);
    // The power may go before its end is kept, and then it must not pass for a success
    force(path.resolve("ending"));
    forceNames(path);
  }

  Optional<String> ending() throws IOException {
    return read(path.resolve("ending")).filter(reason -> !reason.isEmpty());
  }

  /**
   * Writes the end down and throws the rest away. Files of ours stay until the directory goes,
   * empty: for a minute ext4 gives no inode that was freed to a new file and passes each of them
   * by, which after some thousand runs takes longer than all else that the start of a command asks
   * of the disk.
   */
  void over(End end, Instant now) throws IOException {
    over(end.kind().code(), end, now);
  }

  /** The same for a command that we were asked to stop. */
  void stopped(String reason, Instant now) throws IOException {
    over(STOPPED, new End.Failed(reason), now);
  }

  private void over(String kind, End end, Instant now) throws IOException {
    URI url = end.environmentUrl();
    // The last newline tells that all of it is there
    replace(
        path.resolve("over"),
        "%d\n%s\n%s\n%s\n"
            .formatted(now.toEpochMilli(), kind, url == null ? "" : url, end.reason()));
    clear();
  }

  /** Throws all away but the end, which is told whether or not the rest can go. */
  void clear() {
    try {
      // After a loss of power the exit code must not be there without what the command answered
      empty(path.resolve("pid"));
      for (Path file : files(path)) {
        clear(file);
      }
    } catch (IOException stays) {
      // for the sweep
    }
  }

  private static void clear(Path file) {
    String name = file.getFileName().toString();
    try {
      if (OURS.contains(name)) {
        empty(file);
      } else if (!name.equals("over")) {
        delete(file);
      }
    } catch (IOException stays) {
      // for the sweep, and it keeps nothing else from going
    }
  }

  /**
   * What the command put there instead, or has under another name as well, only loses this name.
   */
  private static void empty(Path file) throws IOException {
    Map<String, Object> found;
    try {
      found =
          Files.readAttributes(file, "unix:isRegularFile,nlink,size", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException none) {
      return;
    }
    if (!Objects.equals(found.get("isRegularFile"), true)
        || !Objects.equals(found.get("nlink"), 1)) {
      delete(file);
    } else if (!Objects.equals(found.get("size"), 0L)) {
      try {
        Files.newByteChannel(file, EMPTY).close();
      } catch (IOException closedToUs) {
        // A command may have made it read-only, or what it left may execute it
        delete(file);
      }
    }
  }

  Optional<End> over() throws IOException {
    return overFile().map(RunDirectory::end);
  }

  /** Whether it is over because we were asked to stop it. */
  boolean isStopped() throws IOException {
    return overFile().filter(parts -> parts.group(2).equals(STOPPED)).isPresent();
  }

  private Optional<Matcher> overFile() throws IOException {
    return read(path.resolve("over")).map(OVER::matcher).filter(Matcher::matches);
  }

  private static String kinds() {
    return Arrays.stream(End.Kind.values()).map(End.Kind::code).collect(Collectors.joining("|"))
        + "|"
        + STOPPED;
  }

  private static End end(Matcher over) {
    String url = over.group(3);
    End.Kind kind = over.group(2).equals(STOPPED) ? End.Kind.FAILED : End.Kind.of(over.group(2));
    return End.of(kind, over.group(4), url.isEmpty() ? null : URI.create(url));
  }

  /** When the run was over; empty while it is not. */
  Optional<Instant> overSince() throws IOException {
    return overFile().map(parts -> Instant.ofEpochMilli(Long.parseLong(parts.group(1))));
  }

  void delete() throws IOException {
    delete(path);
  }

  private static List<Path> files(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(all::add);
    }
    return all;
  }

  /** Deletes it with all that is in it: the command may have put anything into its directory. */
  private static void delete(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
    } catch (DirectoryNotEmptyException full) {
      for (Path inside : files(file)) {
        delete(inside);
      }
      Files.delete(file);
    }
  }

  private static Optional<String> read(Path file) throws IOException {
    if (!FileProbe.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }
}
