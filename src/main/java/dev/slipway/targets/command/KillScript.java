package dev.slipway.targets.command;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The system's {@code kill}, which Java does not offer for groups. */
@SuppressWarnings("restricted") // the jar's manifest allows native access
final class KillScript {
  private static final String ERRNO = "errno";
  private static final int NO_SUCH_PROCESS = 3;

  private static final VarHandle ERROR =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement(ERRNO));
  private static final MethodHandle KILL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
              Linker.Option.captureCallState(ERRNO));

  private KillScript() {}

  /** Whether the group surely has no member, not even a dead one that nobody waited for. */
  static boolean findsNobody(long group) {
    if (group > Integer.MAX_VALUE) {
      return true;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int found = (int) KILL.invokeExact(state, Math.toIntExact(-group), 0);
      return found != 0 && (int) ERROR.get(state, 0L) == NO_SUCH_PROCESS;
    } catch (Throwable e) {
      throw new IllegalStateException("kill cannot be called", e);
    }
  }
}
