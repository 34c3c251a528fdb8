package dev.slipway.web;

import io.micronaut.core.io.service.SoftServiceLoader;
import io.micronaut.core.io.service.SoftServiceLoader.StaticDefinition;
import io.micronaut.core.io.service.SoftServiceLoader.StaticServiceLoader;
import io.micronaut.core.optim.StaticOptimizations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Tells the framework which parts of it the jar has. By itself it opens the jar as a file system,
 * which makes a tree of twenty thousand entries to find three hundred of them: a tenth of a start.
 */
final class ServiceIndex extends AbstractMap<String, StaticServiceLoader<?>> {
  /** A folder for each service, in it an empty file for each class. */
  private static final String FOLDERS = "META-INF/micronaut/";

  /** A file for each service, in it a line for each class. */
  private static final String FILES = "META-INF/services/";

  private static boolean told;

  private final ClassLoader classes;
  private final Map<String, Set<String>> names = new HashMap<>();

  private ServiceIndex(ClassLoader classes) {
    this.classes = classes;
  }

  /** Does nothing where classes do not come from jars; the framework finds its way there. */
  static synchronized void tell() {
    ClassLoader classes = ServiceIndex.class.getClassLoader();
    try {
      List<URL> places = Collections.list(classes.getResources(FOLDERS));
      if (!told && places.stream().allMatch(place -> place.getProtocol().equals("jar"))) {
        ServiceIndex services = new ServiceIndex(classes);
        for (URL place : places) {
          services.read(place);
        }
        StaticOptimizations.set(new SoftServiceLoader.Optimizations(services));
        told = true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(URL place) throws IOException {
    JarURLConnection connection = (JarURLConnection) place.openConnection();
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : Collections.list(jar.entries())) {
        String path = entry.getName();
        int file = path.lastIndexOf('/') + 1;
        if (path.startsWith(FOLDERS) && file > FOLDERS.length() && file < path.length()) {
          boolean _ =
              names
                  .computeIfAbsent(
                      path.substring(FOLDERS.length(), file - 1), _ -> new LinkedHashSet<>())
                  .add(path.substring(file));
        }
      }
    }
  }

  /** Every service is known, those that have no classes too. */
  @Override
  public boolean containsKey(Object service) {
    return true;
  }

  @Override
  public StaticServiceLoader<?> get(Object service) {
    return (StaticServiceLoader<Object>) wanted -> definitions((String) service, wanted);
  }

  @Override
  public Set<Entry<String, StaticServiceLoader<?>>> entrySet() {
    throw new UnsupportedOperationException("they are made when they are asked for");
  }

  private Stream<StaticDefinition<Object>> definitions(String service, Predicate<String> wanted) {
    Set<String> all = new LinkedHashSet<>(named(service));
    all.addAll(names.getOrDefault(service, Set.of()));
    return all.stream().filter(wanted).flatMap(this::definition);
  }

  private Set<String> named(String service) {
    Set<String> found = new LinkedHashSet<>();
    try {
      for (URL file : Collections.list(classes.getResources(FILES + service))) {
        try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
          lines
              .lines()
              .map(line -> line.replaceFirst("#.*", "").strip())
              .filter(line -> !line.isEmpty())
              .forEach(found::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** None for a class of a library that is not there. */
  private Stream<StaticDefinition<Object>> definition(String name) {
    try {
      Object made =
          MethodHandles.publicLookup()
              .findConstructor(
                  Class.forName(name, false, classes), MethodType.methodType(void.class))
              .invoke();
      return Stream.of(StaticDefinition.of(name, () -> made));
    } catch (NoClassDefFoundError | ReflectiveOperationException notThere) {
      return Stream.empty();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot make a " + name, e);
    }
  }
}
