package dev.slipway.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts the JVM's part of a command and runs the command. */
public final class Main {
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";
  private static final int LEAST_CARRIERS = 4;

  private final CommandContext context;

  public Main(Map<String, String> environment, Path folder, PrintStream out, PrintStream err) {
    this.context = new CommandContext(environment, folder, out, err);
  }

  /** Runs a command and ends the process with its exit code. */
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

  /** Runs a command and returns its exit code. */
  public int run(List<String> arguments) throws InterruptedException {
    // Servers start without the model of the command line, which takes longer to make than to use
    if (arguments.isEmpty() || arguments.equals(List.of("serve"))) {
      return new ServeCommand(context).call();
    }
    if (arguments.equals(List.of("train"))) {
      return new TrainCommand().call();
    }
    return SlipwayCommand.line(context).execute(arguments.toArray(String[]::new));
  }
}
