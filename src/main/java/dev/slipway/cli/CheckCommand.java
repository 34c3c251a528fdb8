package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.targets.ConfiguredTarget;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Reads the whole configuration and prints its routes. */
@Command(name = "check", description = "Check the configuration and show its routes.")
final class CheckCommand implements Callable<Integer> {
  private final CommandContext context;

  CheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return context.withConfiguration(this::check);
  }

  private int check(Configuration configuration) {
    configuration.warnings().forEach(warning -> context.out().println("Warning: " + warning));
    configuration.routes().forEach(this::show);
    context.out().println("The configuration is fine.");
    return 0;
  }

  private void show(RouteConfig route) {
    context.out().println("Route " + route.route().name());
    route
        .targets()
        .forEach(
            entry ->
                context
                    .out()
                    .println(
                        "  "
                            + entry.name()
                            + (entry.target() instanceof ConfiguredTarget.Missing(String reason)
                                ? " – " + reason
                                : "")));
  }
}
