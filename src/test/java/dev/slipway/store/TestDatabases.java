package dev.slipway.store;

import dev.slipway.TestFolders;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real databases for tests: an SQLite file, or a fresh database on a real PostgreSQL. Each is a
 * copy of one that has the schema, for Flyway would take most of the time of many tests.
 */
public enum TestDatabases {
  SQLITE {
    @Override
    public String url() {
      try {
        Path file = TestFolders.inMemory("store-").resolve("slipway.db");
        Files.write(file, Prepared.FILE);
        return "jdbc:sqlite:" + file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  },
  POSTGRESQL {
    @Override
    public String url() {
      String name = "slipway" + COUNT.incrementAndGet();
      try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create database " + name + " template " + Server.PREPARED);
        return Server.POSTGRES.getJdbcUrl("postgres", name);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  };

  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** An SQLite database that has the schema and nothing else. */
  private static final class Prepared {
    static final byte[] FILE = file();

    private static byte[] file() {
      try {
        Path file = TestFolders.inMemory("prepared-").resolve("slipway.db");
        Database.open("jdbc:sqlite:" + file, NOBODY).close();
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Started by the first test that needs it; ends with the tests. */
  private static final class Server {
    static final String PREPARED = "prepared";
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        Path folder = TestFolders.onDisk("postgres-");
        EmbeddedPostgres postgres =
            EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute("create database " + PREPARED);
        }
        Database.open(postgres.getJdbcUrl("postgres", PREPARED), NOBODY).close();
        return postgres;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The address of a database that nobody has used. */
  public abstract String url();

  Database open() {
    return Database.open(url(), NOBODY);
  }

  static Path file(String url) {
    return Path.of(url.substring("jdbc:sqlite:".length()));
  }
}
