package dev.slipway.process;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Hides the memory and the environment of this process from other processes. */
public final class ProcessHardening {
  /** Linux's {@code prctl(PR_SET_DUMPABLE, …)}. */
  private static final int SET_DUMPABLE = 4;

  /** Variables that the C library reads later on, and that every child may know. */
  private static final Set<String> KEPT =
      Set.of("PATH", "HOME", "LANG", "TZ", "USER", "LOGNAME", "SHELL", "TMPDIR", "SQLITE_TMPDIR");

  private static final Set<String> KEPT_BEGINNINGS = Set.of("LC_", "LD_", "MALLOC_", "RES_");

  private ProcessHardening() {}

  /**
   * Hides memory and environment from processes of the same user: {@code /proc/PID/environ} and
   * {@code mem} belong to root from now on, no debugger is let in and no core is dumped. Values of
   * variables are wiped too, so that neither root nor the process that Java starts first for each
   * child finds them there. Java has to have read its environment before, and goes on to know it.
   *
   * @param variables the names of all of them
   * @return a sentence about what could not be hidden; empty when all was
   */
  public static Optional<String> hide(Set<String> variables) {
    try {
      wipe(variables.stream().filter(name -> !isKept(name)));
      return isUndumpable()
          ? Optional.empty()
          : Optional.of("the system does not hide a process from others of the same user");
    } catch (Throwable e) {
      return Optional.of("the system does not hide a process from others: " + e);
    }
  }

  private static boolean isKept(String name) {
    return KEPT.contains(name) || KEPT_BEGINNINGS.stream().anyMatch(name::startsWith);
  }

  private static boolean isUndumpable() {
    return CLibrary.function("prctl")
        .map(prctl -> (int) prctl.call(SET_DUMPABLE, 0, 0) == 0)
        .orElse(false);
  }

  private static void wipe(Stream<String> names) {
    CLibrary getenv = CLibrary.function("getenv").orElseThrow();
    CLibrary unsetenv = CLibrary.function("unsetenv").orElseThrow();
    CLibrary strlen = CLibrary.function("strlen").orElseThrow();
    CLibrary memset = CLibrary.function("memset").orElseThrow();
    for (String name : names.toList()) {
      ByteBuffer text = CLibrary.text(name);
      try {
        long value = getenv.call(CLibrary.address(text), 0, 0);
        if (value != 0) {
          long _ = memset.call(value, 0, strlen.call(value, 0, 0));
        }
        long _ = unsetenv.call(CLibrary.address(text), 0, 0);
      } finally {
        Reference.reachabilityFence(text);
      }
    }
  }
}
