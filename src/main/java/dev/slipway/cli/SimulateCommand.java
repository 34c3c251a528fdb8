package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.configuration.GithubHostConfig;
import dev.slipway.model.CleanText;
import dev.slipway.server.Simulation;
import dev.slipway.time.SystemTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what the configuration would make of an event. */
@Command(
    name = "simulate",
    description = "Show what a deployment event would lead to. Nothing is sent.")
final class SimulateCommand implements Callable<Integer> {
  /** GitHub sends no larger event. */
  private static final int LARGEST = 25 * 1024 * 1024;

  private final CommandContext context;

  @Parameters(
      paramLabel = "FILE",
      description = "The event's JSON as GitHub sends it; - reads the standard input.")
  private String payload = "";

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "The GitHub host that sends it, where there are several; that of the event when left out.")
  private @Nullable String host;

  SimulateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return context.withConfiguration(this::simulate);
  }

  private int simulate(Configuration configuration) {
    List<String> hosts = configuration.githubHosts().stream().map(GithubHostConfig::host).toList();
    Optional<String> sender = Optional.ofNullable(host).map(name -> name.toLowerCase(Locale.ROOT));
    if (sender.isPresent() && !hosts.contains(sender.get())) {
      context
          .err()
          .println(
              "--host %s is no GitHub host of the configuration, which has %s"
                  .formatted(CleanText.line(sender.get()), String.join(", ", hosts)));
      return CommandContext.WRONG_USAGE;
    }
    byte[] event;
    try (InputStream in = open()) {
      event = in.readNBytes(LARGEST);
    } catch (NoSuchFileException e) {
      context.err().println("There is no file " + CleanText.line(payload));
      return 1;
    } catch (IOException e) {
      context.err().println(CleanText.line("Cannot read " + payload + ": " + e.getMessage()));
      return 1;
    }
    Simulation.Result result = new Simulation(configuration, new SystemTime()).run(event, sender);
    (result.isUnderstood() ? context.out() : context.err()).print(result.text());
    return result.isUnderstood() ? 0 : 1;
  }

  private InputStream open() throws IOException {
    return payload.equals("-")
        ? System.in
        : Files.newInputStream(context.folder().resolve(payload));
  }
}
