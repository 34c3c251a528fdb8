package dev.slipway.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** What is locked or unlocked: an environment, a repository or everything. */
final class LockScopeOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "ENVIRONMENT",
      description = "The environment. Without it: all.")
  private @Nullable String environment;

  @Option(
      names = "--repository",
      paramLabel = "OWNER/NAME",
      description = "The repository. Without it: all.")
  private @Nullable String repository;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The GitHub host, where there are several.")
  private @Nullable String host;

  /** Whether any part is named. */
  boolean isNamed() {
    return environment != null || repository != null || host != null;
  }

  /** Adds the parts that are named to the body of a request. */
  void addTo(ObjectNode body) {
    put(body, "environment", environment);
    put(body, "repository", repository);
    put(body, "host", host);
  }

  private static void put(ObjectNode body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }
}
