package dev.slipway.cli;

import dev.slipway.configuration.Configuration;
import dev.slipway.store.Backup;
import dev.slipway.store.StoreException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Copies the SQLite database to a file, beside a running server or without one. */
record BackupCommand(Path folder, PrintStream out, PrintStream err) {
  int run(Configuration configuration, String file) {
    if (!Backup.canCopy(configuration.storage().databaseUrl())) {
      err.println("The database is PostgreSQL: use pg_dump. This command copies SQLite files.");
      return 2;
    }
    Path target = folder.resolve(file);
    try {
      Backup.copy(configuration.storage().databaseUrl(), target);
    } catch (StoreException e) {
      err.println("No backup was made: " + e.getMessage());
      return 1;
    }
    out.println("The database was copied to " + target);
    return 0;
  }
}
