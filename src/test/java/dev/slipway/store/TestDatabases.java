package dev.slipway.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** Real databases for tests: an SQLite file, or a fresh database on a real PostgreSQL. */
public enum TestDatabases {
  SQLITE {
    @Override
    public String url() {
      try {
        return "jdbc:sqlite:" + Files.createTempDirectory("slipway-store").resolve("slipway.db");
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
        statement.execute("create database " + name);
        return Server.POSTGRES.getJdbcUrl("postgres", name);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  };

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Started by the first test that needs it; ends with the tests. */
  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setDataDirectory(Files.createTempDirectory("slipway-postgres").resolve("data"))
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The address of a database that nobody has used. */
  public abstract String url();

  Database open() {
    return Database.open(url(), new Database.Login(null, null));
  }

  static Path file(String url) {
    return Path.of(url.substring("jdbc:sqlite:".length()));
  }
}
