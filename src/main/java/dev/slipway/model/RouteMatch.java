package dev.slipway.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The deployments that a route takes: for each part of a deployment a list of patterns in which
 * {@code *} stands for any text; no patterns take everything. Parts that GitHub compares without
 * regard to case are compared so here.
 */
public final class RouteMatch {
  /** Takes every deployment. */
  public static final RouteMatch ANY = new RouteMatch(Map.of());

  private final Map<Part, Globs> parts = new EnumMap<>(Part.class);

  /** A part of a deployment that can be matched, in the order of matching. */
  public enum Part {
    /** GitHub's host. */
    HOSTS("hosts", "host", true),
    /** {@code owner/name}. */
    REPOSITORIES("repositories", "repository", true),
    /** The environment's name. */
    ENVIRONMENTS("environments", "environment", true),
    /** The task. */
    TASKS("tasks", "task", false),
    /** The branch, tag or commit that was named. */
    REFS("refs", "ref", false),
    /** The login of the deployment's maker on GitHub. */
    CREATORS("creators", "creator", true);

    private final String code;
    private final String one;
    private final boolean anyCase;

    Part(String code, String one, boolean anyCase) {
      this.code = code;
      this.one = one;
      this.anyCase = anyCase;
    }

    /** Its key in the configuration. */
    public String code() {
      return code;
    }

    /** The name of one such part. */
    String one() {
      return one;
    }
  }

  /**
   * The first part of a deployment that is not taken.
   *
   * @param value the part in the deployment
   * @param taken the patterns of the route
   */
  record Mismatch(Part part, String value, List<String> taken) {}

  /**
   * @param patterns by part; parts that are left out take everything
   */
  public RouteMatch(Map<Part, List<String>> patterns) {
    patterns.forEach((part, globs) -> parts.put(part, new Globs(globs, part.anyCase)));
  }

  /** The patterns for a part. */
  public List<String> patterns(Part part) {
    Globs globs = parts.get(part);
    return globs == null ? List.of() : globs.patterns();
  }

  /** Whether deployments of this repository are taken, as far as {@code owner/name} says. */
  public boolean takesRepository(String fullName) {
    Globs repositories = parts.get(Part.REPOSITORIES);
    return repositories == null || repositories.take(fullName);
  }

  /** Whether deployments of a GitHub host are taken, as far as that says. */
  public boolean takesHost(String host) {
    Globs hosts = parts.get(Part.HOSTS);
    return hosts == null || hosts.take(host);
  }

  Optional<Mismatch> mismatch(Deployment deployment) {
    return parts.entrySet().stream()
        .flatMap(
            entry ->
                value(deployment, entry.getKey())
                    .filter(value -> !entry.getValue().take(value))
                    .map(value -> new Mismatch(entry.getKey(), value, entry.getValue().patterns()))
                    .stream())
        .findFirst();
  }

  /** Empty where the deployment has no such part: an order of the API need not have all. */
  private static Optional<String> value(Deployment deployment, Part part) {
    Repository repository = deployment.repository();
    boolean isNamed = repository.isNamed();
    return switch (part) {
      case HOSTS -> Optional.of(repository.host()).filter(_ -> isNamed);
      case REPOSITORIES -> Optional.of(repository.fullName()).filter(_ -> isNamed);
      case ENVIRONMENTS -> Optional.of(deployment.environment().name());
      case TASKS -> Optional.of(deployment.task());
      case REFS -> Optional.of(deployment.ref()).filter(_ -> isNamed);
      case CREATORS -> Optional.of(deployment.creator()).filter(_ -> deployment.githubId() != null);
    };
  }
}
