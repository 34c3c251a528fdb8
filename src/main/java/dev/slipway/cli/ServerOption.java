package dev.slipway.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option by which commands that talk to a server find it. */
final class ServerOption {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The address of the server. Without it: the one on this machine.")
  private @Nullable String url;

  /** The address; null for the server on this machine. */
  @Nullable String url() {
    return url;
  }
}
