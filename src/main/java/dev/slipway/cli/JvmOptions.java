package dev.slipway.cli;

import dev.slipway.process.CLibrary;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Options for the JVM of a server that was started with none, or of one that trains. A jar cannot
 * carry them, and most cannot be set later, so the process runs {@code java} anew in its own place:
 * it keeps its number, its terminal, its environment and whoever waits for it. Whoever gives an
 * option of their own is left alone.
 */
final class JvmOptions {
  /** Tells the second start from the first; commands do not get it, as they would a variable. */
  private static final String MARK = "slipway.options";

  private static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final List<String> OPTIONS =
      List.of(
          // Less memory and less of a start than with G1; Footprint keeps the heap small
          "-XX:+UseSerialGC",
          "-XX:InitialHeapSize=24m",
          // Otherwise two full collections in a start, for classes that all stay
          "-XX:MetaspaceSize=64m",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+IgnoreUnrecognizedVMOptions",
          // Events of buffers, which nobody records: sixty classes
          "-Dio.netty.jfr.enabled=false",
          "--sun-misc-unsafe-memory-access=allow");

  /** Linux's {@code fcntl(…, F_SETFD, FD_CLOEXEC)}. */
  private static final int SET_FLAGS = 2;

  private static final int CLOSE_ON_EXECUTION = 1;

  private JvmOptions() {}

  /**
   * Starts this process's program again with these options, where it is one that was started with
   * none, and does not return then. Returns where that is not so or cannot be done.
   */
  static void use(List<String> arguments, Map<String, String> environment) {
    if (areUsed() || !System.getProperty("java.vm.name", "").contains("64-Bit Server VM")) {
      return;
    }
    try {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      Optional<List<String>> line = better(java, ownLine(), arguments, environment);
      if (line.isPresent() && Files.isExecutable(java)) {
        execute(line.get());
      }
    } catch (Throwable noSuchSystem) {
      // It serves without them too, only larger
    }
  }

  /** Whether this JVM runs with them. */
  static boolean areUsed() {
    return System.getProperty(MARK) != null;
  }

  private static List<String> ownLine() throws IOException {
    return List.of(
        Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8).split("\0"));
  }

  /**
   * The command line that is better than this one, if there is one.
   *
   * @param line that of this process
   * @param arguments those of Slipway in it
   */
  static Optional<List<String>> better(
      Path java, List<String> line, List<String> arguments, Map<String, String> environment) {
    boolean trains = arguments.equals(List.of("train"));
    boolean serves = arguments.isEmpty() || arguments.equals(List.of("serve"));
    boolean plain =
        line.size() == arguments.size() + 3
            && line.get(1).equals("-jar")
            && line.subList(3, line.size()).equals(arguments);
    if (!(serves || trains)
        || !plain
        || VARIABLES.stream().anyMatch(name -> !environment.getOrDefault(name, "").isBlank())) {
      return Optional.empty();
    }
    Path jar = Path.of(line.get(2)).toAbsolutePath();
    List<String> better = new ArrayList<>();
    better.add(java.toString());
    better.addAll(OPTIONS);
    if (trains) {
      // A cache that knows what to optimise has it optimised at each start
      better.add("-XX:TieredStopAtLevel=1");
      better.addAll(List.of("-Xlog:aot=error", "-XX:AOTCacheOutput=" + cacheOf(jar)));
    } else if (isCurrent(cacheOf(jar), jar)) {
      better.add("-XX:AOTCache=" + cacheOf(jar));
    }
    better.add("-D" + MARK + "=own");
    better.addAll(List.of("-jar", jar.toString()));
    better.addAll(arguments);
    return Optional.of(better);
  }

  /** What {@code train} leaves beside the jar. */
  private static Path cacheOf(Path jar) {
    String name = jar.getFileName().toString();
    return jar.resolveSibling(
        (name.endsWith(".jar") ? name.substring(0, name.length() - 4) : name) + ".aot");
  }

  /** Whether it is there, whole, and not of another jar. */
  private static boolean isCurrent(Path cache, Path jar) {
    try {
      return Files.size(cache) > 0
          && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    } catch (IOException none) {
      return false;
    }
  }

  private static void execute(List<String> line) throws IOException {
    closeOwnFiles();
    CLibrary execv = CLibrary.function("execv").orElseThrow();
    List<ByteBuffer> texts = line.stream().map(CLibrary::text).toList();
    // The last one stays 0
    ByteBuffer words =
        ByteBuffer.allocateDirect((line.size() + 1) * Long.BYTES).order(ByteOrder.nativeOrder());
    for (ByteBuffer text : texts) {
      words.putLong(CLibrary.address(text));
    }
    words.clear();
    try {
      // Comes back only when it fails
      long _ = execv.call(CLibrary.address(texts.getFirst()), CLibrary.address(words), 0);
    } finally {
      Reference.reachabilityFence(texts);
      Reference.reachabilityFence(words);
    }
  }

  /** Has those that this JVM opened closed when the next takes its place, which would not know. */
  private static void closeOwnFiles() throws IOException {
    CLibrary fcntl = CLibrary.function("fcntl").orElseThrow();
    Set<Path> own =
        Set.of(
            Path.of(System.getProperty("java.home"), "lib", "modules").toRealPath(),
            Path.of(System.getProperty("java.class.path")).toRealPath());
    for (int number = 3; number < 10; number++) {
      Path link = Path.of("/proc/self/fd", Integer.toString(number));
      if (Files.isSymbolicLink(link) && own.contains(Files.readSymbolicLink(link))) {
        long _ = fcntl.call(number, SET_FLAGS, CLOSE_ON_EXECUTION);
      }
    }
  }
}
