package dev.slipway.cli;

import dev.slipway.model.CleanText;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line with all commands below it. */
@Command(
    name = SlipwayCommand.NAME,
    description = "The third party in GitHub's deployment flow.",
    synopsisSubcommandLabel = "[COMMAND]",
    versionProvider = VersionProvider.class,
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Settings come from the environment and from slipway.yml, see",
      "docs/configuration.md. Exit codes: 0 done, 1 it did not work, 2 the",
      "configuration or the command line is wrong, 3 no server was reached."
    })
final class SlipwayCommand {
  static final String NAME = "java -jar slipway.jar";

  private static final int LONGEST = 200;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-v", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;

  /** Makes the command line. */
  static CommandLine line(CommandContext context) {
    CommandLine line =
        new CommandLine(new SlipwayCommand())
            .addSubcommand(new ServeCommand(context))
            .addSubcommand(new CheckCommand(context))
            .addSubcommand(new DoctorCommand(context))
            .addSubcommand(new ExplainCommand(context))
            .addSubcommand(new SimulateCommand(context))
            .addSubcommand(new DemoCommand(context))
            .addSubcommand(new BackupCommand(context))
            .addSubcommand(new StatusesCommand(context))
            .addSubcommand(new LinksCommand(context))
            .addSubcommand(new TokensCommand(context))
            .addSubcommand(new ControlCommand.Cancel(context))
            .addSubcommand(new ControlCommand.Retry(context))
            .addSubcommand(new ReleaseCommand.Rollback(context))
            .addSubcommand(new ReleaseCommand.Promote(context))
            .addSubcommand(new ControlCommand.FreezeOverride(context))
            .addSubcommand(new LockCommand(context))
            .addSubcommand(new UnlockCommand(context))
            .addSubcommand(new LocksCommand(context))
            .addSubcommand(new DeploymentsCommand(context))
            .addSubcommand(new EnvironmentsCommand(context))
            .addSubcommand(new NotificationsCommand(context))
            .addSubcommand(new AuditCommand(context))
            .addSubcommand(new HealthCommand(context))
            .addSubcommand(new TrainCommand())
            .addSubcommand(new CompletionCommand(context))
            .addSubcommand(new VersionCommand(context))
            .addSubcommand(new HelpCommand());
    return line.registerConverter(Long.class, SlipwayCommand::number)
        .setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(context.hasColours() ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler((problem, _) -> explain(problem));
  }

  private static Long number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not a number");
    }
  }

  private static int explain(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    if (problem instanceof UnmatchedArgumentException unmatched) {
      String value = shown(unmatched.getUnmatched().getFirst());
      List<String> nearest = unmatched.getSuggestions();
      err.println(
          "Slipway does not know \""
              + value
              + "\""
              + (nearest.isEmpty() ? "." : ". Did you mean \"" + nearest.getFirst() + "\"?"));
    } else {
      err.println(shown(Objects.toString(problem.getMessage())));
    }
    err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return CommandContext.WRONG_USAGE;
  }

  /** An argument may come from elsewhere, by a script or the clipboard. */
  private static String shown(String text) {
    return CleanText.cut(CleanText.line(text), LONGEST);
  }
}
