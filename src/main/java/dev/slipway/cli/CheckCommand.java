package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.doctor.Doctor;
import dev.slipway.targets.ConfiguredTarget;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads the whole configuration and prints its routes; asks others about it when told to. */
@Command(name = "check", description = "Check the configuration and show its routes.")
final class CheckCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--online",
      description = "Also ask GitHub and the targets, as doctor does. Changes nothing.")
  private boolean online;

  CheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return context.withConfiguration(this::check);
  }

  private int check(Configuration configuration) throws InterruptedException {
    configuration.warnings().forEach(warning -> context.out().println("Warning: " + warning));
    configuration.routes().forEach(this::show);
    context.out().println("The configuration is fine.");
    return online ? ask(configuration) : 0;
  }

  private int ask(Configuration configuration) throws InterruptedException {
    try (Doctor doctor = DoctorCommand.doctor(configuration)) {
      CheckReport report = new CheckReport(doctor.examineOutside());
      context.out().print(report.text());
      return report.exitCode();
    }
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
