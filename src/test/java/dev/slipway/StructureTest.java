package dev.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds how types are named and how the files of one package depend on each other. */
class StructureTest {
  /** A type in backquotes, perhaps with a member. */
  private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z]*[a-z][A-Za-z]*)(\\.\\w+)?`");

  @Test
  void no_two_top_level_types_share_a_name() {
    Map<String, Set<String>> bySimpleName = new TreeMap<>();
    ImportedClasses.names().stream()
        // Nested, or generated
        .filter(name -> !name.contains("$"))
        .filter(name -> !name.endsWith(".package-info"))
        .forEach(
            name -> bySimpleName.computeIfAbsent(lastPart(name), _ -> new TreeSet<>()).add(name));
    assertThat(bySimpleName.values().stream().filter(names -> names.size() > 1).toList()).isEmpty();
  }

  @Test
  void the_files_of_a_package_do_not_depend_on_each_other_in_circles() {
    Map<String, Set<String>> uses = new TreeMap<>();
    ImportedClasses.MAIN.stream()
        .filter(type -> !type.getSimpleName().startsWith("$"))
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(
            edge ->
                edge.getOriginClass()
                    .getPackageName()
                    .equals(edge.getTargetClass().getBaseComponentType().getPackageName()))
        .forEach(
            edge ->
                uses.computeIfAbsent(file(edge.getOriginClass()), _ -> new TreeSet<>())
                    .add(file(edge.getTargetClass().getBaseComponentType())));
    Set<String> inCircles =
        uses.keySet().stream()
            .filter(file -> reaches(uses, file, file))
            .map(file -> file + " via " + circleOf(uses, file))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(inCircles).isEmpty();
  }

  @Test
  void the_types_that_the_architecture_page_names_exist() throws IOException {
    Set<String> names =
        ImportedClasses.names().stream().map(StructureTest::lastPart).collect(Collectors.toSet());
    Set<String> named =
        NAME.matcher(Files.readString(Path.of("docs/architecture.md")))
            .results()
            .map(name -> name.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).isNotEmpty().isSubsetOf(names);
  }

  private static String lastPart(String binaryName) {
    return binaryName.replaceAll(".*[.$]", "");
  }

  private static String file(JavaClass type) {
    return type.getName().replaceAll("\\$.*", "");
  }

  private static Set<String> circleOf(Map<String, Set<String>> uses, String file) {
    return uses.getOrDefault(file, Set.of()).stream()
        .filter(next -> !next.equals(file) && reaches(uses, next, file))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether one file needs the other, directly or through others; not by itself alone. */
  private static boolean reaches(Map<String, Set<String>> uses, String from, String to) {
    Deque<String> open = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
    open.removeIf(from::equals);
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      String next = open.pop();
      if (next.equals(to)) {
        return true;
      }
      if (seen.add(next)) {
        open.addAll(uses.getOrDefault(next, Set.of()));
      }
    }
    return false;
  }
}
