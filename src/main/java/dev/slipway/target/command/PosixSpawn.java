package dev.slipway.target.command;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
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
import java.util.Objects;
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
  private static final int SIGPIPE = 13;
  private static final int SIGCHLD = 17;
  private static final int INTERRUPTED = 4;
  private static final int READING = 0;
  private static final int APPENDING = 0x401;

  /** More than any of the library's structures takes: the largest has 336 bytes. */
  private static final long STRUCTURE = 1024;

  private static final long ALIGNMENT = 16;
  private static final long STACK = 256 * 1024;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final long LONGEST_WORDS = 1000;
  private static final String ERRNO = "errno";
  private static final VarHandle ERROR =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement(ERRNO));

  /** One for each process that runs, as long as it does. */
  private static final Executor WAITING =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("command-", 1).stackSize(STACK).factory());

  private final Map<String, MethodHandle> functions = new HashMap<>();
  private final MethodHandle waiting;
  private final Map<String, byte[]> inherited = inherited();

  /** A session of its own, and no signal is held back from it. */
  private final MemorySegment attributes = Arena.global().allocate(STRUCTURE, ALIGNMENT);

  private PosixSpawn(SymbolLookup library) {
    bind(library, "posix_spawn", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    bind(library, "posix_spawn_file_actions_init", INT, POINTER);
    bind(library, "posix_spawn_file_actions_destroy", INT, POINTER);
    bind(library, "posix_spawn_file_actions_addclosefrom_np", INT, POINTER, INT);
    bind(library, "posix_spawn_file_actions_addchdir_np", INT, POINTER, POINTER);
    bind(library, "posix_spawn_file_actions_addopen", INT, POINTER, INT, POINTER, INT, INT);
    bind(library, "posix_spawn_file_actions_adddup2", INT, POINTER, INT, INT);
    bind(library, "posix_spawnattr_init", INT, POINTER);
    bind(library, "posix_spawnattr_setflags", INT, POINTER, SHORT);
    bind(library, "posix_spawnattr_setsigmask", INT, POINTER, POINTER);
    bind(library, "sigemptyset", INT, POINTER);
    bind(library, "posix_spawnattr_setsigdefault", INT, POINTER, POINTER);
    bind(library, "sigaddset", INT, POINTER, INT);
    bind(library, "strerror", POINTER, INT);
    waiting =
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow("waitpid"),
                FunctionDescriptor.of(INT, INT, POINTER, INT),
                Linker.Option.captureCallState(ERRNO));
  }

  /** Empty where the library is another one, or older than of 2021. */
  static Optional<PosixSpawn> ofThisSystem() {
    SymbolLookup library = Linker.nativeLinker().defaultLookup();
    return library.find("posix_spawn_file_actions_addclosefrom_np").isPresent()
        ? Optional.of(new PosixSpawn(library)).filter(PosixSpawn::isPrepared)
        : Optional.empty();
  }

  /** Prepares what is the same for all that are started. */
  private boolean isPrepared() {
    MemorySegment none = Arena.global().allocate(STRUCTURE, ALIGNMENT);
    MemorySegment usual = Arena.global().allocate(STRUCTURE, ALIGNMENT);
    return call("posix_spawnattr_init", attributes) == 0
        && call("sigemptyset", none) == 0
        && call("posix_spawnattr_setsigmask", attributes, none) == 0
        && call("sigemptyset", usual) == 0
        && call("sigaddset", usual, SIGCHLD) == 0
        && call("sigaddset", usual, SIGPIPE) == 0
        && call("posix_spawnattr_setsigdefault", attributes, usual) == 0
        && call("posix_spawnattr_setflags", attributes, FLAGS) == 0;
  }

  private void bind(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
    functions.put(
        name,
        Linker.nativeLinker()
            .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(result, arguments)));
  }

  /** As bytes, for Java reads them in the locale's encoding, and loses what that lacks. */
  private static Map<String, byte[]> inherited() {
    Map<String, byte[]> inherited = new HashMap<>();
    try {
      String all = new String(Files.readAllBytes(ENVIRONMENT), StandardCharsets.ISO_8859_1);
      for (String variable : all.split("\0", -1)) {
        String name = variable.split("=", 2)[0];
        if (SetsidSpawn.INHERITED.contains(name)) {
          inherited.put(name, variable.getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException hidden) {
      Map<String, String> ours = new ProcessBuilder().environment();
      ours.keySet().retainAll(SetsidSpawn.INHERITED);
      ours.forEach((name, value) -> inherited.put(name, (name + "=" + value).getBytes(PATHS)));
    }
    return inherited;
  }

  @Override
  public boolean takes(String value) {
    return true;
  }

  @Override
  public Child start(Spawn spawn) throws IOException {
    Processes.requireDescriptors();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(STRUCTURE, ALIGNMENT);
      require(spawn, "posix_spawn_file_actions_init", actions);
      try {
        prepare(spawn, actions, arena);
        return child(started(spawn, actions, arena));
      } finally {
        int _ = call("posix_spawn_file_actions_destroy", actions);
      }
    }
  }

  /** First it lets go of all that is ours, so that it cannot lack numbers for its own files. */
  private void prepare(Spawn spawn, MemorySegment actions, Arena arena) throws IOException {
    require(spawn, "posix_spawn_file_actions_addclosefrom_np", actions, 3);
    MemorySegment input = text(path(spawn.input()), arena);
    require(spawn, "posix_spawn_file_actions_addopen", actions, 0, input, READING, 0);
    MemorySegment output = text(path(spawn.output()), arena);
    require(spawn, "posix_spawn_file_actions_addopen", actions, 1, output, APPENDING, 0);
    require(spawn, "posix_spawn_file_actions_adddup2", actions, 1, 2);
    MemorySegment directory = text(path(spawn.directory()), arena);
    require(spawn, "posix_spawn_file_actions_addchdir_np", actions, directory);
  }

  private int started(Spawn spawn, MemorySegment actions, Arena arena) throws IOException {
    List<byte[]> line = spawn.line().stream().map(argument -> argument.getBytes(PATHS)).toList();
    Map<String, byte[]> environment = new HashMap<>(inherited);
    spawn
        .environment()
        .forEach(
            (name, value) ->
                environment.put(name, (name + "=" + value).getBytes(StandardCharsets.UTF_8)));
    MemorySegment number = arena.allocate(INT);
    require(
        spawn,
        "posix_spawn",
        number,
        text(line.getFirst(), arena),
        actions,
        attributes,
        texts(line, arena),
        texts(List.copyOf(environment.values()), arena));
    return number.get(INT, 0);
  }

  /** Java would wait in a thread, too, and not tell when it has forgotten the number. */
  private Child child(int number) {
    CompletableFuture<Void> exit = new CompletableFuture<>();
    WAITING.execute(
        () -> {
          try {
            await(number);
          } finally {
            boolean _ = exit.complete(null);
          }
        });
    return new Child(number, exit);
  }

  /** Returns when the child has ended, and its number may be given to another process. */
  private void await(int number) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int ended;
      do {
        ended = (int) waiting.invokeExact(state, number, MemorySegment.NULL, 0);
      } while (ended < 0 && (int) ERROR.get(state, 0L) == INTERRUPTED);
    } catch (Throwable e) {
      throw new IllegalStateException("waitpid cannot be called", e);
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

  private void require(Spawn spawn, String function, Object... arguments) throws IOException {
    int error = call(function, arguments);
    if (error != 0) {
      throw new IOException(
          "cannot run %s in %s: error=%d, %s"
              .formatted(spawn.line().getFirst(), spawn.directory(), error, words(error)));
    }
  }

  private String words(int error) {
    return ((MemorySegment) invoke("strerror", error)).reinterpret(LONGEST_WORDS).getString(0);
  }

  private int call(String function, Object... arguments) {
    return (int) invoke(function, arguments);
  }

  private Object invoke(String function, Object... arguments) {
    try {
      return Objects.requireNonNull(functions.get(function)).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(function + " cannot be called", e);
    }
  }
}
