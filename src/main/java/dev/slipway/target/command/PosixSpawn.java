package dev.slipway.target.command;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
  private static final short IN_A_SESSION = 0x80;
  private static final short WITH_A_MASK = 0x08;
  private static final int WITHOUT_WAITING = 1;
  private static final int READING = 0;
  private static final int APPENDING = 0x401;

  /** More than any of the library's structures takes: the largest has 336 bytes. */
  private static final long STRUCTURE = 1024;

  private static final long ALIGNMENT = 16;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
  private static final long LONGEST_WORDS = 1000;

  private final Map<String, MethodHandle> functions = new HashMap<>();
  private final Map<String, byte[]> inherited;

  /** A session of its own, and no signal is held back from it. */
  private final MemorySegment attributes = Arena.global().allocate(STRUCTURE, ALIGNMENT);

  private PosixSpawn(SymbolLookup library) throws IOException {
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
    bind(library, "waitpid", INT, INT, POINTER, INT);
    bind(library, "strerror", POINTER, INT);
    inherited = inherited(Files.readAllBytes(ENVIRONMENT));
    MemorySegment mask = Arena.global().allocate(STRUCTURE, ALIGNMENT);
    boolean isMade =
        call("posix_spawnattr_init", attributes) == 0
            && call("sigemptyset", mask) == 0
            && call("posix_spawnattr_setsigmask", attributes, mask) == 0
            && call("posix_spawnattr_setflags", attributes, (short) (IN_A_SESSION | WITH_A_MASK))
                == 0;
    if (!isMade) {
      throw new IOException("posix_spawn takes no session");
    }
  }

  /** Empty where the library is another one, or older than of 2021. */
  static Optional<PosixSpawn> ofThisSystem() {
    SymbolLookup library = Linker.nativeLinker().defaultLookup();
    if (library.find("posix_spawn_file_actions_addclosefrom_np").isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PosixSpawn(library));
    } catch (IOException another) {
      return Optional.empty();
    }
  }

  private void bind(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
    functions.put(
        name,
        Linker.nativeLinker()
            .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(result, arguments)));
  }

  /** As bytes, for Java reads them in the locale's encoding, and loses what that lacks. */
  private static Map<String, byte[]> inherited(byte[] environment) {
    Map<String, byte[]> inherited = new HashMap<>();
    String text = new String(environment, StandardCharsets.ISO_8859_1);
    for (String variable : text.split("\0", -1)) {
      int end = variable.indexOf('=');
      if (end > 0 && SetsidSpawn.INHERITED.contains(variable.substring(0, end))) {
        inherited.put(variable.substring(0, end), variable.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return inherited;
  }

  @Override
  public boolean takes(String value) {
    return true;
  }

  @Override
  public Child start(Spawn spawn) throws IOException {
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

  /** Java waits for its end, but as for somebody else's child: its number is ours to give back. */
  private Child child(int number) {
    CompletableFuture<?> exit =
        ProcessHandle.of(number)
            .<CompletableFuture<?>>map(ProcessHandle::onExit)
            .orElseGet(() -> CompletableFuture.completedFuture(number));
    return new Child(
        number,
        exit.thenRun(
            () -> {
              int _ = call("waitpid", number, MemorySegment.NULL, WITHOUT_WAITING);
            }));
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
