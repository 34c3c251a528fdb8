package dev.slipway.model;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which deployments a route takes. Each list holds patterns in which {@code *} stands for any text;
 * an empty list takes everything. Hosts and repositories are compared without regard to case.
 */
public record Match(
    List<String> hosts, List<String> repositories, List<String> environments, List<String> tasks) {
  /** Takes every deployment. */
  public static final Match ANY = new Match(List.of(), List.of(), List.of(), List.of());

  public Match {
    hosts = List.copyOf(hosts);
    repositories = List.copyOf(repositories);
    environments = List.copyOf(environments);
    tasks = List.copyOf(tasks);
  }

  boolean matches(Deployment deployment) {
    return takes(hosts, deployment.repository().host().toLowerCase(Locale.ROOT), true)
        && takes(repositories, deployment.repository().fullName().toLowerCase(Locale.ROOT), true)
        && takes(environments, deployment.environment().name(), false)
        && takes(tasks, deployment.task(), false);
  }

  private static boolean takes(List<String> patterns, String value, boolean lowered) {
    return patterns.isEmpty()
        || patterns.stream()
            .map(pattern -> lowered ? pattern.toLowerCase(Locale.ROOT) : pattern)
            .anyMatch(pattern -> glob(pattern).matcher(value).matches());
  }

  private static Pattern glob(String pattern) {
    return Pattern.compile(
        List.of(pattern.split("\\*", -1)).stream()
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }
}
