package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.slipway.http.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the package table of docs/architecture.md against the code, exactly: a new edge fails, and
 * so does a permission that nobody uses.
 */
class PackagesTest {
  private static final String ROOT = "dev.slipway.";
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z]+)` \\|[^|]*\\| ([^|]*) \\|", Pattern.MULTILINE);

  @Test
  void the_table_in_the_documentation_is_the_code() throws IOException {
    assertThat(edges()).isEqualTo(documented());
  }

  @Test
  void the_ways_to_deploy_never_see_each_other() {
    Map<String, Set<String>> children = new TreeMap<>();
    dependencies()
        .filter(
            edge ->
                edge.from().startsWith(ROOT + "targets.")
                    && edge.to().startsWith(ROOT + "targets."))
        .filter(edge -> !edge.from().equals(edge.to()))
        .forEach(
            edge -> children.computeIfAbsent(edge.from(), _ -> new TreeSet<>()).add(edge.to()));
    assertThat(children).isEmpty();
  }

  @Test
  void no_target_holds_what_sends_the_start_of_a_deploy() {
    Set<String> senders =
        ImportedClasses.MAIN.stream()
            .filter(type -> type.getPackageName().startsWith(ROOT + "targets"))
            .filter(
                type ->
                    type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(use -> use.getTargetClass().isEquivalentTo(Http.class)))
            .map(JavaClass::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    // It reads and cancels; StartExecutor is handed a way to send
    assertThat(senders).containsExactly("ProviderCalls");
  }

  @Test
  void only_the_store_speaks_sql() {
    assertThat(usersOf("java.sql")).containsExactly("store");
  }

  @Test
  void only_one_package_calls_out_over_http() {
    assertThat(usersOf("io.micronaut.http.client")).containsExactly("http");
    // The fakes play the others, who call with what they have
    assertThat(usersOf("java.net.http")).isSubsetOf("fakes");
    assertThat(usersOf("com.sun.net.httpserver")).isSubsetOf("fakes");
  }

  @Test
  void the_model_knows_only_the_language() {
    Set<String> used =
        dependencies()
            .filter(edge -> edge.from().equals(ROOT + "model"))
            .map(Edge::to)
            .filter(name -> !name.startsWith("java.") && !name.startsWith("org.jspecify"))
            .filter(name -> !name.equals(ROOT + "model"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(used).isEmpty();
  }

  @Test
  void one_class_reads_the_clock_and_sleeps_and_one_reads_the_environment() {
    assertThat(callersOf("java.time.Instant", "now"))
        .containsExactly("dev.slipway.time.SystemTime");
    assertThat(callersOf("java.lang.Thread", "sleep"))
        .containsExactly("dev.slipway.time.SystemTime");
    assertThat(callersOf("java.lang.System", "nanoTime"))
        .containsExactly("dev.slipway.time.SystemTime");
    assertThat(callersOf("java.lang.System", "currentTimeMillis")).isEmpty();
    assertThat(callersOf("java.util.concurrent.TimeUnit", "sleep")).isEmpty();
    assertThat(callersOf("java.util.concurrent.locks.LockSupport", "parkNanos")).isEmpty();
    assertThat(callersOf("java.lang.System", "getenv")).containsExactly("dev.slipway.cli.Main");
  }

  private record Edge(String from, String to) {}

  private static Stream<Edge> dependencies() {
    return ImportedClasses.MAIN.stream()
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(
            dependency ->
                new Edge(
                    dependency.getOriginClass().getPackageName(),
                    dependency.getTargetClass().getBaseComponentType().getPackageName()))
        .filter(edge -> !edge.to().isEmpty());
  }

  private static Map<String, Set<String>> edges() {
    Map<String, Set<String>> edges = new TreeMap<>();
    ImportedClasses.MAIN.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith(ROOT))
        .forEach(name -> edges.computeIfAbsent(slice(name), _ -> new TreeSet<>()));
    dependencies()
        .filter(edge -> edge.from().startsWith(ROOT) && edge.to().startsWith(ROOT))
        .filter(edge -> !slice(edge.from()).equals(slice(edge.to())))
        .forEach(edge -> edges.get(slice(edge.from())).add(slice(edge.to())));
    return edges;
  }

  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> table = new TreeMap<>();
    Matcher rows = ROW.matcher(Files.readString(Path.of("docs/architecture.md")));
    while (rows.find()) {
      Set<String> may = new TreeSet<>();
      if (!rows.group(2).equals("–")) {
        Arrays.stream(rows.group(2).split(", ")).forEach(may::add);
      }
      table.put(rows.group(1), may);
    }
    return table;
  }

  private static String slice(String packageName) {
    String below = packageName.substring(ROOT.length());
    return below.contains(".") ? below.substring(0, below.indexOf('.')) : below;
  }

  private static Set<String> usersOf(String prefix) {
    return dependencies()
        .filter(edge -> edge.from().startsWith(ROOT))
        .filter(edge -> edge.to().equals(prefix) || edge.to().startsWith(prefix + "."))
        .map(edge -> slice(edge.from()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> callersOf(String owner, String method) {
    return ImportedClasses.MAIN.stream()
        .flatMap(
            type ->
                Stream.concat(
                    type.getMethodCallsFromSelf().stream(),
                    type.getMethodReferencesFromSelf().stream()))
        .filter(call -> call.getTargetOwner().getName().equals(owner))
        .filter(call -> call.getTarget().getName().equals(method))
        .map(call -> call.getOriginOwner().getName().replaceAll("\\$.*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
