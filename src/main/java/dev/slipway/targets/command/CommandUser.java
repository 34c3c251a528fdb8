package dev.slipway.targets.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who runs a command, when that is not Slipway's own user. */
record CommandUser(String name, long uid, long gid, String home) {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Path STATUS = Path.of("/proc/self/status");

  // CAP_CHOWN, CAP_KILL, CAP_SETGID, CAP_SETUID
  private static final long NEEDED = 1 | 1 << 5 | 1 << 6 | 1 << 7;

  /** The user of this name; empty when there is none. */
  static Optional<CommandUser> named(String name) {
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
      return Optional.empty();
    }
    return answer(List.of("getent", "passwd", name))
        .map(line -> line.strip().split(":", -1))
        .filter(parts -> parts.length == 7 && parts[2].matches("\\d{1,10}"))
        .filter(parts -> parts[3].matches("\\d{1,10}"))
        .map(
            parts ->
                new CommandUser(
                    parts[0], Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[5]));
  }

  /** Why no command can run as this user, as a sentence that does not begin with the setting. */
  static Optional<String> problemWith(String name, Path runs) {
    if (!Files.isExecutable(SETPRIV) || !Files.isReadable(STATUS)) {
      return Optional.of("needs Linux and " + SETPRIV + "; install util-linux or leave it out");
    }
    Optional<CommandUser> user = named(name);
    if (user.isEmpty()) {
      return Optional.of("\"" + name + "\" is no user of this host; name one that is");
    }
    try {
      return user.get().problem(runs.toAbsolutePath());
    } catch (IOException e) {
      return Optional.of("cannot be checked: " + e);
    }
  }

  private Optional<String> problem(Path runs) throws IOException {
    long own = Long.parseLong(status("Uid").split("\\s+", -1)[1]);
    if (own == uid) {
      return Optional.of(
          name + " is who Slipway runs as, and can read what it can; name another user");
    }
    // What is only effective is lost when setpriv is started, unless by root
    long can = Long.parseUnsignedLong(status(own == 0 ? "CapEff" : "CapAmb"), 16);
    if ((can & NEEDED) != NEEDED) {
      return Optional.of(
          "is "
              + name
              + ", but Slipway may not become another user; start it as root (or with CAP_SETUID,"
              + " CAP_SETGID, CAP_CHOWN and CAP_KILL), or leave it out");
    }
    return obstacle(runs)
        .map(
            folder ->
                "is %s, who cannot pass through %s; set SLIPWAY_DATA to another folder, or: chmod o+x %s"
                    .formatted(name, folder, folder));
  }

  private static String status(String field) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new IOException(STATUS + " does not tell " + field));
  }

  /** The first folder on the way that is not ours to open. */
  private Optional<Path> obstacle(Path runs) {
    Path data = runs.resolveSibling("").normalize();
    Path way = Path.of("/");
    for (Path part : data) {
      way = way.resolve(part);
      if (way.equals(data) || Files.notExists(way)) {
        return Optional.empty();
      }
      if (answer(command(List.of("/usr/bin/test", "-x", way.toString()))).isEmpty()) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  private List<String> command(List<String> words) {
    List<String> line =
        new ArrayList<>(
            List.of(SETPRIV.toString(), "--reuid=" + uid, "--regid=" + gid, "--init-groups", "--"));
    line.addAll(words);
    return line;
  }

  /** What a process said that ended well. */
  private static Optional<String> answer(List<String> line) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().keySet().retainAll(Set.of("PATH"));
      Process process = Processes.start(builder);
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Lets the user, and nobody else, pass through a folder of ours to what they know the name of.
   */
  void letThrough(Path folder) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
    if (permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
      return;
    }
    give(folder);
    permissions.add(PosixFilePermission.GROUP_EXECUTE);
    Files.setPosixFilePermissions(folder, permissions);
  }

  /** Lets the user's group use a file of ours. */
  void letUse(Path file, String permissions) throws IOException {
    give(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private void give(Path file) throws IOException {
    Files.setAttribute(file, "unix:gid", Math.toIntExact(gid));
  }
}
