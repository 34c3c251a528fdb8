package dev.slipway.targets.command;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * {@code posix_spawn} of the GNU C library. Java's own way would cost two programs more: a helper
 * that closes what the child must not inherit, and one that makes the session.
 */
@SuppressWarnings("restricted") // the jar's manifest allows native access
final class PosixSpawn implements Spawner {
  private static final Path ENVIRONMENT = Path.of("/proc/self/environ");

  /** The encoding of paths. */
  private static final Charset PATHS =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  // Those of glibc on Linux, for every processor
  private static final short FLAGS = /* SETSID */
      0x80 | /* SETSIGMASK */ 0x08 | /* SETSIGDEF */ 0x04;

  /** Files that are open while a command is followed, and a few for other threads. */
  private static final int FOR_FOLLOWING = 8;

  private static final int SIGPIPE = 13;
  private static final int SIGCHLD = 17;
  private static final int INTERRUPTED = 4;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int APPENDING = 0x401;

  /** More than any of the library's structures takes: the largest has 336 bytes. */
  private static final long STRUCTURE = 1024;

  private static final long ALIGNMENT = 16;
  private static final long STACK = 256 * 1024;

  private static final String CLOSE_FROM = "posix_spawn_file_actions_addclosefrom_np";
  private static final long LONGEST_WORDS = 1000;
  private static final String ERRNO = "errno";
  private static final VarHandle ERROR =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement(ERRNO));

  /** One for each process that runs, as long as it does. */
  private static final Executor WAITING =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("command-", 1).stackSize(STACK).factory());

  private final Map<String, byte[]> inherited = inherited();

  /** A session of its own, and no signal is held back from it. */
  private final MemorySegment attributes = Arena.global().allocate(STRUCTURE, ALIGNMENT);

  private PosixSpawn() {}

  /** The functions, each called with exactly these types: anything else is many times slower. */
  private static final class Library {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
    private static final Linker LINKER = Linker.nativeLinker();

    static final MethodHandle SPAWN =
        function("posix_spawn", POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    static final MethodHandle ACTIONS = function("posix_spawn_file_actions_init", POINTER);
    static final MethodHandle FORGET = function("posix_spawn_file_actions_destroy", POINTER);
    static final MethodHandle ADD_CLOSE_FROM = function(CLOSE_FROM, POINTER, INT);
    static final MethodHandle ADD_CHDIR =
        function("posix_spawn_file_actions_addchdir_np", POINTER, POINTER);
    static final MethodHandle ADD_OPEN =
        function("posix_spawn_file_actions_addopen", POINTER, INT, POINTER, INT, INT);
    static final MethodHandle ADD_DUP2 =
        function("posix_spawn_file_actions_adddup2", POINTER, INT, INT);
    static final MethodHandle ATTRIBUTES = function("posix_spawnattr_init", POINTER);
    static final MethodHandle SET_FLAGS =
        function("posix_spawnattr_setflags", POINTER, ValueLayout.JAVA_SHORT);
    static final MethodHandle SET_MASK = function("posix_spawnattr_setsigmask", POINTER, POINTER);
    static final MethodHandle SET_DEFAULT =
        function("posix_spawnattr_setsigdefault", POINTER, POINTER);
    static final MethodHandle NO_SIGNALS = function("sigemptyset", POINTER);
    static final MethodHandle ADD_SIGNAL = function("sigaddset", POINTER, INT);
    static final MethodHandle PIPE =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("pipe2"),
            FunctionDescriptor.of(INT, POINTER, INT),
            Linker.Option.captureCallState(ERRNO));
    static final MethodHandle CLOSE =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(INT, INT));
    static final MethodHandle WORDS =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, INT));
    static final MethodHandle WAIT =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("waitpid"),
            FunctionDescriptor.of(INT, INT, POINTER, INT),
            Linker.Option.captureCallState(ERRNO));

    private Library() {}

    private static MethodHandle function(String name, MemoryLayout... arguments) {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(INT, arguments));
    }
  }

  /** Empty where the library is another one, or older than of 2021. */
  static Optional<PosixSpawn> ofThisSystem() {
    boolean isThere = Linker.nativeLinker().defaultLookup().find(CLOSE_FROM).isPresent();
    return isThere
        ? Optional.of(new PosixSpawn()).filter(PosixSpawn::isPrepared)
        : Optional.empty();
  }

  /** Prepares what is the same for all that are started. */
  private boolean isPrepared() {
    MemorySegment none = Arena.global().allocate(STRUCTURE, ALIGNMENT);
    MemorySegment usual = Arena.global().allocate(STRUCTURE, ALIGNMENT);
    try {
      return (int) Library.ATTRIBUTES.invokeExact(attributes) == 0
          && (int) Library.NO_SIGNALS.invokeExact(none) == 0
          && (int) Library.SET_MASK.invokeExact(attributes, none) == 0
          && (int) Library.NO_SIGNALS.invokeExact(usual) == 0
          && (int) Library.ADD_SIGNAL.invokeExact(usual, SIGCHLD) == 0
          && (int) Library.ADD_SIGNAL.invokeExact(usual, SIGPIPE) == 0
          && (int) Library.SET_DEFAULT.invokeExact(attributes, usual) == 0
          && (int) Library.SET_FLAGS.invokeExact(attributes, FLAGS) == 0;
    } catch (Throwable e) {
      throw notCalled(e);
    }
  }

  private static IllegalStateException notCalled(Throwable e) {
    return new IllegalStateException("the C library cannot be called", e);
  }

  /** As bytes, for Java reads them in the locale's encoding, and loses what that lacks. */
  private static Map<String, byte[]> inherited() {
    Map<String, byte[]> inherited = new HashMap<>();
    try {
      String all = new String(Files.readAllBytes(ENVIRONMENT), StandardCharsets.ISO_8859_1);
      for (String variable : all.split("\0", -1)) {
        String name = variable.split("=", 2)[0];
        if (INHERITED.contains(name)) {
          inherited.put(name, variable.getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException hidden) {
      Map<String, String> ours = new ProcessBuilder().environment();
      ours.keySet().retainAll(INHERITED);
      ours.forEach((name, value) -> inherited.put(name, (name + "=" + value).getBytes(PATHS)));
    }
    return inherited;
  }

  @Override
  public Child start(Spawn spawn) throws IOException {
    Processes.requireDescriptors(FOR_FOLLOWING);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      if ((int) Library.PIPE.invokeExact(state, ends, CLOSE_ON_EXEC) != 0) {
        require(spawn, (int) ERROR.get(state, 0L));
      }
      int reading = ends.getAtIndex(ValueLayout.JAVA_INT, 0);
      int writing = ends.getAtIndex(ValueLayout.JAVA_INT, 1);
      try {
        return start(spawn, reading, writing, arena);
      } finally {
        int _ = (int) Library.CLOSE.invokeExact(reading);
        int _ = (int) Library.CLOSE.invokeExact(writing);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw notCalled(e);
    }
  }

  private Child start(Spawn spawn, int reading, int writing, Arena arena) throws Throwable {
    // Opened once more, for Java knows how to wait for what it has opened itself
    OutputStream input = new FileOutputStream("/proc/self/fd/" + writing);
    MemorySegment actions = arena.allocate(STRUCTURE, ALIGNMENT);
    boolean isStarted = false;
    try {
      require(spawn, (int) Library.ACTIONS.invokeExact(actions));
      try {
        prepare(spawn, reading, actions, arena);
        Child child = child(started(spawn, actions, arena), input);
        isStarted = true;
        return child;
      } finally {
        int _ = (int) Library.FORGET.invokeExact(actions);
      }
    } finally {
      if (!isStarted) {
        input.close();
      }
    }
  }

  /** It lets go of all that is ours before it opens a file, so that it cannot lack numbers. */
  private static void prepare(Spawn spawn, int reading, MemorySegment actions, Arena arena)
      throws Throwable {
    require(spawn, (int) Library.ADD_DUP2.invokeExact(actions, reading, 0));
    require(spawn, (int) Library.ADD_CLOSE_FROM.invokeExact(actions, 3));
    MemorySegment output = text(path(spawn.output()), arena);
    require(spawn, (int) Library.ADD_OPEN.invokeExact(actions, 1, output, APPENDING, 0));
    require(spawn, (int) Library.ADD_DUP2.invokeExact(actions, 1, 2));
    MemorySegment directory = text(path(spawn.directory()), arena);
    require(spawn, (int) Library.ADD_CHDIR.invokeExact(actions, directory));
  }

  private int started(Spawn spawn, MemorySegment actions, Arena arena) throws Throwable {
    List<byte[]> line = spawn.line().stream().map(argument -> argument.getBytes(PATHS)).toList();
    Map<String, byte[]> environment = new HashMap<>(inherited);
    spawn
        .environment()
        .forEach(
            (name, value) ->
                environment.put(name, (name + "=" + value).getBytes(StandardCharsets.UTF_8)));
    MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
    MemorySegment program = text(line.getFirst(), arena);
    MemorySegment arguments = texts(line, arena);
    MemorySegment variables = texts(List.copyOf(environment.values()), arena);
    require(
        spawn,
        (int)
            Library.SPAWN.invokeExact(number, program, actions, attributes, arguments, variables));
    return number.get(ValueLayout.JAVA_INT, 0);
  }

  /** Java would wait in a thread, too, and not tell when it has forgotten the number. */
  private static Child child(int number, OutputStream input) {
    CompletableFuture<Void> exit = new CompletableFuture<>();
    WAITING.execute(
        () -> {
          try {
            await(number);
          } finally {
            boolean _ = exit.complete(null);
          }
        });
    return new Child(number, exit, input);
  }

  /** Returns when the child has ended, and its number may be given to another process. */
  private static void await(int number) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int ended;
      do {
        ended = (int) Library.WAIT.invokeExact(state, number, MemorySegment.NULL, 0);
      } while (ended < 0 && (int) ERROR.get(state, 0L) == INTERRUPTED);
    } catch (Throwable e) {
      throw notCalled(e);
    }
  }

  private static byte[] path(Path path) {
    return path.toAbsolutePath().toString().getBytes(PATHS);
  }

  private static MemorySegment text(byte[] bytes, Arena arena) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, Arrays.copyOf(bytes, bytes.length + 1));
  }

  private static MemorySegment texts(List<byte[]> all, Arena arena) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, all.size() + 1L);
    for (int i = 0; i < all.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, text(all.get(i), arena));
    }
    return array;
  }

  private static void require(Spawn spawn, int error) throws Throwable {
    if (error != 0) {
      MemorySegment words = (MemorySegment) Library.WORDS.invokeExact(error);
      throw new IOException(
          "cannot run %s in %s: error=%d, %s"
              .formatted(
                  spawn.line().getFirst(),
                  spawn.directory(),
                  error,
                  words.reinterpret(LONGEST_WORDS).getString(0)));
    }
  }
}
