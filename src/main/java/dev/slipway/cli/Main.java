package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.ConfigurationReader;
import dev.slipway.configuration.RouteConfig;
import dev.slipway.process.CLibrary;
import dev.slipway.process.CompilerPriority;
import dev.slipway.process.MemoryTrimmer;
import dev.slipway.process.ProcessHardening;
import dev.slipway.process.ProgramVersion;
import dev.slipway.server.Server;
import dev.slipway.store.StoreException;
import dev.slipway.targets.ConfiguredTarget;
import dev.slipway.web.PortInUseException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The command line. Exit codes: 0 well, 1 it did not work, 2 the configuration or the call is
 * wrong.
 */
public final class Main {
  private static final String USAGE =
      """
      Slipway, the third party in GitHub's deployment flow.

        java -jar slipway.jar [serve]       serve until stopped
        java -jar slipway.jar check         check the configuration and show its routes
        java -jar slipway.jar demo [--once] show the whole flow without any account
        java -jar slipway.jar backup FILE   copy the SQLite database, also while it is in use
        java -jar slipway.jar links revoke ID
                                            make all links to a deployment's log stop working
        java -jar slipway.jar simulate FILE what a deployment event in FILE (- for standard input)
                                            would lead to; sends nothing
        java -jar slipway.jar health        ask the Slipway on PORT whether it lives
        java -jar slipway.jar statuses      list what GitHub has not got yet, and why
        java -jar slipway.jar statuses retry  have it tried now
        java -jar slipway.jar train         leave an AOT cache beside the jar, with which it
                                            starts in half of the time
        java -jar slipway.jar version       say which version this is

      Settings come from the environment and from slipway.yml; see docs/configuration.md.
      """;

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";
  private static final int LEAST_CARRIERS = 4;
  private static final Duration SETTLED = Duration.ofSeconds(2);
  private static final Duration TRIM = Duration.ofMinutes(1);

  private final Map<String, String> environment;
  private final Path folder;
  private final PrintStream out;
  private final PrintStream err;

  public Main(Map<String, String> environment, Path folder, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.folder = folder;
    this.out = out;
    this.err = err;
  }

  /** Runs a command; see {@code help}. */
  public static void main(String[] arguments) throws InterruptedException {
    JvmOptions.use(List.of(arguments), System.getenv());
    useEnoughCarriers();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Main main = new Main(System.getenv(), Path.of("").toAbsolutePath(), out, err);
    System.exit(main.run(List.of(arguments)));
  }

  /**
   * The threads that carry virtual ones, to be set before there is one. Runs hold theirs while they
   * wait for a disk, and answers to deliveries must not wait for that; with more of them, waking
   * one another took a tenth of the time.
   */
  private static void useEnoughCarriers() {
    int carriers = Math.max(LEAST_CARRIERS, 2 * Runtime.getRuntime().availableProcessors());
    Object _ = System.getProperties().putIfAbsent(CARRIERS, Integer.toString(carriers));
  }

  public int run(List<String> arguments) throws InterruptedException {
    List<String> words = arguments.isEmpty() ? List.of("serve") : arguments;
    List<String> options = words.subList(1, words.size());
    return switch (words.getFirst()) {
      case "serve" -> options.isEmpty() ? serve() : unknown(options);
      case "check" -> options.isEmpty() ? check() : unknown(options);
      case "demo" ->
          options.isEmpty() || options.equals(List.of("--once"))
              ? new DemoCommand(out).run(options.contains("--once"), colours())
              : unknown(options);
      case "health" ->
          options.isEmpty() ? new HealthCommand(environment, err).run() : unknown(options);
      case "backup" -> options.size() == 1 ? backup(options.getFirst()) : unknown(words);
      case "links" ->
          options.size() == 2 && options.getFirst().equals("revoke")
              ? revokeLinks(options.getLast())
              : unknown(words);
      case "train" -> options.isEmpty() ? new TrainCommand().run() : unknown(options);
      case "statuses" ->
          options.isEmpty() || options.equals(List.of("retry"))
              ? statuses(options.contains("retry"))
              : unknown(words);
      case "simulate" -> options.size() == 1 ? simulate(options.getFirst()) : unknown(words);
      case "version", "--version", "-v" -> version();
      case "help", "--help", "-h" -> help();
      default -> unknown(words);
    };
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where the JDK was told to leave it out
  private boolean colours() {
    return System.console() != null
        && System.console().isTerminal()
        && !environment.containsKey("NO_COLOR");
  }

  private int serve() throws InterruptedException {
    Thread _ =
        Thread.ofPlatform()
            .name("c library")
            .start(
                () -> {
                  CLibrary.link();
                  CompilerPriority.lower();
                });
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Bad(List<String> problems) -> complain(problems);
      case Configuration.Loaded.Good(Configuration configuration) -> serve(configuration);
    };
  }

  private int serve(Configuration configuration) throws InterruptedException {
    ProcessHardening.hide(environment.keySet())
        .ifPresent(
            what -> err.println("Warning: commands may read this process's secrets: " + what));
    configuration.warnings().forEach(warning -> err.println("Warning: " + warning));
    Server server;
    try {
      server = Server.start(configuration);
    } catch (StoreException e) {
      err.println("Slipway cannot start: " + e.getMessage());
      return 2;
    } catch (PortInUseException e) {
      err.println("Slipway cannot start: " + e.getMessage());
      return 2;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    out.println("Slipway listens on port " + server.address().getPort());
    out.println(
        "GitHub's webhook goes to " + configuration.server().publicUrl() + "/webhooks/github");
    if (JvmOptions.areUsed()) {
      out.println("Its JVM has options of Slipway's; with one of yours it has only yours");
    }
    if (!server.awaitStop(SETTLED)) {
      MemoryTrimmer footprint = new MemoryTrimmer();
      footprint.settle();
      while (!server.awaitStop(TRIM)) {
        footprint.trim();
      }
    }
    return 0;
  }

  /** A stop that was asked for and went well is no failure, whatever the signal's number. */
  private static void stop(Server server) {
    server.close();
    Runtime.getRuntime().halt(0);
  }

  private int check() {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Bad(List<String> problems) -> complain(problems);
      case Configuration.Loaded.Good(Configuration configuration) -> {
        configuration.warnings().forEach(warning -> out.println("Warning: " + warning));
        configuration.routes().forEach(this::show);
        out.println("The configuration is fine.");
        yield 0;
      }
    };
  }

  private int backup(String file) {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Bad(List<String> problems) -> complain(problems);
      case Configuration.Loaded.Good(Configuration configuration) ->
          new BackupCommand(folder, out, err).run(configuration, file);
    };
  }

  private int simulate(String payload) {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Bad(List<String> problems) -> complain(problems);
      case Configuration.Loaded.Good(Configuration configuration) ->
          new SimulateCommand(folder, out, err).run(configuration, payload);
    };
  }

  private int statuses(boolean retry) {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Bad(List<String> problems) -> complain(problems);
      case Configuration.Loaded.Good(Configuration configuration) ->
          new StatusesCommand(out, err).run(configuration, retry);
    };
  }

  private int revokeLinks(String id) throws InterruptedException {
    return switch (ConfigurationReader.load(environment, folder)) {
      case Configuration.Loaded.Bad(List<String> problems) -> complain(problems);
      case Configuration.Loaded.Good(Configuration configuration) ->
          new LinksCommand(out, err).revoke(configuration, id);
    };
  }

  private void show(RouteConfig route) {
    out.println("Route " + route.route().name());
    route
        .targets()
        .forEach(
            entry ->
                out.println(
                    "  "
                        + entry.name()
                        + (entry.target() instanceof ConfiguredTarget.Missing(String reason)
                            ? " – " + reason
                            : "")));
  }

  private int complain(List<String> problems) {
    err.println(
        problems.size() == 1
            ? "Slipway cannot start: there is a problem with its configuration."
            : "Slipway cannot start: there are "
                + problems.size()
                + " problems with its configuration.");
    problems.forEach(problem -> err.println("  - " + problem));
    return 2;
  }

  private int version() {
    out.println("Slipway " + ProgramVersion.get().orElse("(not from its jar)"));
    return 0;
  }

  private int help() {
    out.print(USAGE);
    return 0;
  }

  private int unknown(List<String> words) {
    err.println("Slipway does not know \"" + String.join(" ", words) + "\".");
    err.print(USAGE);
    return 2;
  }
}
