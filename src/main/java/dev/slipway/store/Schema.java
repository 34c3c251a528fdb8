package dev.slipway.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.internal.plugin.PluginRegister;

/** The schema, which Flyway brings up to date. */
final class Schema {
  static final String FOLDER = "db/migration";

  /** All that are in the folder; Flyway finds them by itself. */
  static final List<String> MIGRATIONS = List.of("V1__schema.sql");

  private static final String HISTORY =
      "select script, checksum, success from flyway_schema_history order by installed_rank";

  private Schema() {}

  /**
   * Brings the schema up to date.
   *
   * @throws StoreException when it cannot be done
   */
  static void migrate(String url, DatabaseLogin login, Dialect dialect) {
    if (isUpToDate(url, login)) {
      return;
    }
    try {
      var configuration = new ClassicConfiguration();
      configuration.setPluginRegister(new SamePlugins());
      configuration.setDataSource(url, login.user(), login.password());
      configuration.setLocationsAsStrings("classpath:" + FOLDER);
      configuration.setPlaceholders(dialect.placeholders());
      new Flyway(configuration).migrate();
    } catch (FlywayException e) {
      // Its own message holds the address, when the connection was lost
      String why =
          StoreException.rootOf(e) instanceof SQLException cause
              ? cause.getMessage()
              : e.getMessage();
      throw new StoreException("Cannot bring the schema up to date: " + why, e);
    }
  }

  /**
   * Whether Flyway's own history says that there is nothing to do. Flyway would load six hundred
   * classes to find that out.
   */
  static boolean isUpToDate(String url, DatabaseLogin login) {
    try (Connection connection = DriverManager.getConnection(url, login.user(), login.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(HISTORY)) {
      List<Applied> applied = new ArrayList<>();
      while (rows.next()) {
        applied.add(new Applied(rows.getString(1), rows.getInt(2), rows.getBoolean(3)));
      }
      return applied.equals(MIGRATIONS.stream().map(Applied::wanted).toList());
    } catch (SQLException noHistory) {
      return false;
    }
  }

  private record Applied(String script, int checksum, boolean success) {
    static Applied wanted(String script) {
      return new Applied(script, Schema.checksum(script), true);
    }
  }

  /** As Flyway counts it, over the lines without their ends. */
  private static int checksum(String script) {
    CRC32 crc = new CRC32();
    InputStream file = Schema.class.getClassLoader().getResourceAsStream(FOLDER + "/" + script);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(file, script), StandardCharsets.UTF_8))) {
      lines.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (int) crc.getValue();
  }

  /**
   * Flyway copies its plugins before it looks at an environment, each by way of JSON. None of them
   * is changed here, and Jackson's object mapper took longer than the migration.
   */
  private static final class SamePlugins extends PluginRegister {
    @Override
    public PluginRegister getCopy() {
      return this;
    }
  }
}
