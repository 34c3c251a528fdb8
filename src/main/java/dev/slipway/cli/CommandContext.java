package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What commands share: the environment, the working directory and the two outputs. */
final class CommandContext {
  /** Exit code of a wrong configuration or a wrong command line. */
  static final int WRONG_USAGE = 2;

  private final Map<String, String> environment;
  private final Path folder;
  private final PrintStream out;
  private final PrintStream err;

  CommandContext(Map<String, String> environment, Path folder, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.folder = folder;
    this.out = out;
    this.err = err;
  }

  /** What a command does with a configuration that is valid. */
  @FunctionalInterface
  interface Action {
    /** Returns the exit code. */
    int run(Configuration configuration) throws InterruptedException;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  Path folder() {
    return folder;
  }

  /** The names of the variables that the process was started with. */
  Set<String> variables() {
    return environment.keySet();
  }

  String variable(String name, String otherwise) {
    return environment.getOrDefault(name, otherwise);
  }

  /** Who runs the command, as the operating system says. */
  String user() {
    return System.getProperty("user.name", "unknown");
  }

  /** Whether the output is a terminal whose user wants colours. */
  @SuppressWarnings("SystemConsoleNull") // it is null where the JDK was told to leave it out
  boolean hasColours() {
    return System.console() != null
        && System.console().isTerminal()
        && !environment.containsKey("NO_COLOR");
  }

  /** Runs the action with the configuration, or prints all that is wrong with it. */
  int withConfiguration(Action action) throws InterruptedException {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Bad(List<String> problems) -> report(problems);
      case Configuration.Loaded.Good(Configuration configuration) -> action.run(configuration);
    };
  }

  private int report(List<String> problems) {
    err.println(
        problems.size() == 1
            ? "Slipway cannot start: there is a problem with its configuration."
            : "Slipway cannot start: there are "
                + problems.size()
                + " problems with its configuration.");
    problems.forEach(problem -> err.println("  - " + problem));
    return WRONG_USAGE;
  }
}
