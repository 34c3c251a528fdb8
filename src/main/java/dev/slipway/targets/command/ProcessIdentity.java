package dev.slipway.targets.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process that leads a command's group.
 *
 * @param born when it started, in ticks since the machine's start: together with the number it
 *     names one process; 0 where the system does not tell
 */
record ProcessIdentity(long pid, long born) {
  /**
   * Of a process that we have just started.
   *
   * @throws IOException when it has ended already, and its number may be given to another
   */
  static ProcessIdentity ofChild(long pid) throws IOException {
    Optional<Stat> stat = Stat.of(pid);
    if (stat.isEmpty() && Stat.of(ProcessHandle.current().pid()).isPresent()) {
      throw new IOException("it ended as soon as it was started");
    }
    return new ProcessIdentity(pid, stat.map(Stat::born).orElse(0L));
  }

  /** It runs; a process that got its number later does not count. */
  boolean isAlive() throws IOException {
    if (born == 0) {
      return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
    Optional<Stat> now = Stat.of(pid);
    return now.isPresent() && now.get().born() == born && !now.get().isDead();
  }

  /** It was halted, and nobody let it go on. */
  boolean isHalted() throws IOException {
    Optional<Stat> now = born == 0 ? Optional.empty() : Stat.of(pid);
    return now.isPresent() && now.get().born() == born && now.get().state() == 'T';
  }

  /**
   * Whether the group of this number is the command's. While a group has members, its number goes
   * to nobody else; so it is another's only if another process bears the number.
   */
  boolean ownsGroup() throws IOException {
    Optional<Stat> now = born == 0 ? Optional.empty() : Stat.of(pid);
    return now.isEmpty() || now.get().born() == born;
  }

  /**
   * What Linux tells about a process. One that nothing can be told of, since there are no files or
   * no memory left, is not for that reason gone.
   */
  record Stat(char state, long group, long born) {
    static Optional<Stat> of(long pid) throws IOException {
      Path process = Path.of("/proc", Long.toString(pid), "stat");
      try {
        if (!FileProbe.exists(process)) {
          return Optional.empty();
        }
        String text = Files.readString(process, StandardCharsets.ISO_8859_1);
        // The name in parentheses may hold anything, spaces and parentheses too
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return Optional.of(
            new Stat(fields[0].charAt(0), Long.parseLong(fields[2]), Long.parseLong(fields[19])));
      } catch (IOException e) {
        // Gone, or hidden from us as others' processes may be. To ask this takes no descriptor
        if (!Files.isReadable(process)) {
          return Optional.empty();
        }
        throw e;
      }
    }

    boolean isDead() {
      return state == 'Z' || state == 'X';
    }

    boolean isHalted() {
      return state == 'T' || state == 't' || isDead();
    }
  }
}
