package dev.slipway.cli;

import dev.slipway.check.CheckResult;
import dev.slipway.configuration.Configuration;
import dev.slipway.doctor.Doctor;
import dev.slipway.time.SystemTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks everything that a server relies on, and says what to do. */
@Command(
    name = "doctor",
    description = "Check what the server relies on: itself, GitHub, the targets. Changes nothing.")
final class DoctorCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--json", description = "Print an array of objects.")
  private boolean json;

  DoctorCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return context.withConfiguration(this::examine);
  }

  private int examine(Configuration configuration) throws InterruptedException {
    List<CheckResult> results;
    try (Doctor doctor = doctor(configuration)) {
      results = doctor.examine();
    }
    CheckReport report = new CheckReport(results);
    context.out().print(json ? report.json() : report.text());
    return report.exitCode();
  }

  /** The checks of a configuration, with the server where commands look for it. */
  static Doctor doctor(Configuration configuration) {
    return new Doctor(
        configuration,
        LocalAddress.of(
            configuration.server().bind(), Integer.toString(configuration.server().port())),
        new SystemTime());
  }
}
