package dev.slipway.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Functions of the C library that take at most three whole numbers or addresses. All are called in
 * one way, for each way costs a start its linking: arguments are in registers, and a function does
 * not look at those that it does not have.
 */
@SuppressWarnings("restricted")
public // the jar's manifest allows native access
final class CLibrary {
  private static final Linker LINKER = Linker.nativeLinker();

  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG));

  private final MemorySegment function;

  private CLibrary(MemorySegment function) {
    this.function = function;
  }

  /** Prepares the first call, which would otherwise wait a tenth of a second. */
  public static void link() {
    try {
      long _ = function("getpid").map(getpid -> getpid.call(0, 0, 0)).orElse(0L);
    } catch (LinkageError | RuntimeException notHere) {
      // The call that needs a function will report it
    }
  }

  /** A function, where the library has it. */
  public static Optional<CLibrary> function(String name) {
    return LINKER.defaultLookup().find(name).map(CLibrary::new);
  }

  /** Its result, of which only so many bits count as it has. */
  public long call(long first, long second, long third) {
    try {
      return (long) CALL.invokeExact(function, first, second, third);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A text as C has it, in memory that stays where it is while the buffer is in use. */
  public static ByteBuffer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocateDirect(bytes.length + 1).put(0, bytes);
  }

  /** Where a direct buffer begins. */
  public static long address(ByteBuffer buffer) {
    return MemorySegment.ofBuffer(buffer).address();
  }
}
