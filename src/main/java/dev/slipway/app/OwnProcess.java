package dev.slipway.app;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What other processes may see of this one. */
@SuppressWarnings("restricted") // the jar's manifest allows native access
final class OwnProcess {
  /** Linux's {@code prctl(PR_SET_DUMPABLE, …)}. */
  private static final int SET_DUMPABLE = 4;

  /** What the C library reads later on, and what every child may know. */
  private static final Set<String> KEPT =
      Set.of("PATH", "HOME", "LANG", "TZ", "USER", "LOGNAME", "SHELL", "TMPDIR", "SQLITE_TMPDIR");

  private static final Set<String> KEPT_BEGINNINGS = Set.of("LC_", "LD_", "MALLOC_", "RES_");

  private OwnProcess() {}

  /**
   * Hides memory and environment from processes of the same user: {@code /proc/PID/environ} and
   * {@code mem} belong to root from now on, no debugger is let in and no core is dumped. Values of
   * variables are wiped too, so that neither root nor the process that Java starts first for each
   * child finds them there. Java has to have read its environment before, and goes on to know it.
   *
   * @param variables the names of all of them
   * @return what could not be hidden, as a sentence; empty when all was
   */
  static Optional<String> hide(Set<String> variables) {
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

  private static boolean isUndumpable() throws Throwable {
    Optional<MethodHandle> prctl =
        function(
            "prctl",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    return prctl.isPresent() && (int) prctl.get().invokeExact(SET_DUMPABLE, 0L) == 0;
  }

  private static void wipe(Stream<String> names) throws Throwable {
    MethodHandle getenv =
        function("getenv", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
            .orElseThrow();
    MethodHandle unsetenv =
        function("unsetenv", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
            .orElseThrow();
    try (Arena arena = Arena.ofConfined()) {
      for (String name : names.toList()) {
        MemorySegment text = arena.allocateFrom(name);
        MemorySegment value = (MemorySegment) getenv.invokeExact(text);
        if (!value.equals(MemorySegment.NULL)) {
          MemorySegment whole = value.reinterpret(Long.MAX_VALUE);
          for (long i = 0; whole.get(ValueLayout.JAVA_BYTE, i) != 0; i++) {
            whole.set(ValueLayout.JAVA_BYTE, i, (byte) 0);
          }
        }
        int _ = (int) unsetenv.invokeExact(text);
      }
    }
  }

  /** A function of the C library, where it has it. */
  static Optional<MethodHandle> function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, descriptor, options));
  }
}
