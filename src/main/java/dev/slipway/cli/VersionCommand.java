package dev.slipway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the version, as {@code --version} does. */
@Command(name = "version", description = "Show the version.")
final class VersionCommand implements Callable<Integer> {
  private final CommandContext context;

  VersionCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    for (String line : new VersionProvider().getVersion()) {
      context.out().println(line);
    }
    return 0;
  }
}
