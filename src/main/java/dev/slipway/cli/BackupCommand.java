package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.model.CleanText;
import dev.slipway.store.Backup;
import dev.slipway.store.StoreException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies the SQLite database to a file, beside a running server or without one. */
@Command(
    name = "backup",
    description = "Copy the SQLite database to a new file, also while a server uses it.")
final class BackupCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "FILE", description = "The copy. It must not exist yet.")
  private String file = "";

  BackupCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    return context.withConfiguration(this::copy);
  }

  private int copy(Configuration configuration) {
    if (!Backup.canCopy(configuration.storage().databaseUrl())) {
      context
          .err()
          .println("The database is PostgreSQL: use pg_dump. This command copies SQLite files.");
      return CommandContext.WRONG_USAGE;
    }
    if (file.isBlank()) {
      context.err().println("backup takes the name of a file that is not there yet");
      return CommandContext.WRONG_USAGE;
    }
    Path target = context.folder().resolve(file);
    try {
      Backup.copy(configuration.storage().databaseUrl(), target);
    } catch (StoreException e) {
      context
          .err()
          .println("No backup was made: " + CleanText.line(Objects.toString(e.getMessage())));
      return 1;
    }
    context.out().println("The database was copied to " + CleanText.line(target.toString()));
    return 0;
  }
}
