package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.process.CLibrary;
import dev.slipway.process.CompilerPriority;
import dev.slipway.process.MemoryTrimmer;
import dev.slipway.process.ProcessHardening;
import dev.slipway.server.Server;
import dev.slipway.store.StoreException;
import dev.slipway.web.PortInUseException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs the server until the process is stopped. */
@Command(
    name = "serve",
    description = "Serve until stopped. This is what happens without a command, too.")
final class ServeCommand implements Callable<Integer> {
  private static final Duration SETTLED = Duration.ofSeconds(2);
  private static final Duration TRIM = Duration.ofMinutes(1);

  private final CommandContext context;

  ServeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Thread _ =
        Thread.ofPlatform()
            .name("c library")
            .start(
                () -> {
                  CLibrary.link();
                  CompilerPriority.lower();
                });
    return context.withConfiguration(this::serve);
  }

  private int serve(Configuration configuration) throws InterruptedException {
    ProcessHardening.hide(context.variables())
        .ifPresent(
            what ->
                context
                    .err()
                    .println("Warning: commands may read this process's secrets: " + what));
    configuration.warnings().forEach(warning -> context.err().println("Warning: " + warning));
    Server server;
    try {
      server = Server.start(configuration);
    } catch (StoreException | PortInUseException e) {
      context.err().println("Slipway cannot start: " + e.getMessage());
      return CommandContext.WRONG_USAGE;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    context.out().println("Slipway listens on port " + server.address().getPort());
    context
        .out()
        .println(
            "GitHub's webhook goes to " + configuration.server().publicUrl() + "/webhooks/github");
    server
        .setupLink()
        .ifPresent(
            link ->
                context
                    .out()
                    .println("To connect a GitHub App, open this within an hour: " + link));
    if (JvmOptions.areUsed()) {
      context
          .out()
          .println("Its JVM has options of Slipway's; with one of yours it has only yours");
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
}
