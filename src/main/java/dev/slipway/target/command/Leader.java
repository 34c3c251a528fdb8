package dev.slipway.target.command;

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
record Leader(long pid, long born) {
  /** It runs; a process that got its number later does not count. */
  boolean isAlive() {
    return born == 0
        ? ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
        : Stat.of(pid).map(stat -> stat.born() == born && !stat.isDead()).orElse(false);
  }

  /** It was halted, and nobody let it go on. */
  boolean isHalted() {
    return born != 0
        && Stat.of(pid).map(stat -> stat.born() == born && stat.state() == 'T').orElse(false);
  }

  /**
   * Whether the group of this number is the command's. While a group has members, its number goes
   * to nobody else; so it is another's only if another process bears the number.
   */
  boolean ownsGroup() {
    return born == 0 || Stat.of(pid).map(stat -> stat.born() == born).orElse(true);
  }

  /** What Linux tells about a process. */
  record Stat(char state, long group, long born) {
    static Optional<Stat> of(long pid) {
      try {
        String text =
            Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        // The name in parentheses may hold anything, spaces and parentheses too
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return Optional.of(
            new Stat(fields[0].charAt(0), Long.parseLong(fields[2]), Long.parseLong(fields[19])));
      } catch (IOException gone) {
        return Optional.empty();
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
