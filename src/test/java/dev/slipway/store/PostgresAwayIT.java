package dev.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL that goes away without a word, or comes back as another server. */
class PostgresAwayIT {
  private static final DatabaseLogin NOBODY = new DatabaseLogin(null, null);

  /** So that a test need not wait for as long as operators do. */
  private static final String SOON = "&socketTimeout=1&connectTimeout=1";

  private static int insert(Sql sql, String name) throws SQLException {
    return sql.update("insert into stored_value (name, value) values (?, '')", name);
  }

  private static long count(Database database, String name) {
    return database.<Long>read(
        sql -> sql.number("select count(*) from stored_value where name = ?", name));
  }

  private static void untilItWorks(Runnable attempt) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        attempt.run();
        return;
      } catch (StoreException e) {
        assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(deadline);
      }
    }
  }

  @Test
  void who_waits_when_it_falls_silent_hears_so_and_goes_on_when_it_speaks_again() throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (Relay relay = new Relay(Relay.port(url));
        Database database = Database.open(relay.through(url) + SOON, NOBODY)) {
      Runs runs = new Runs(database, Duration.ofSeconds(20));
      database.probe();
      relay.fallSilent();

      var taking =
          CompletableFuture.supplyAsync(() -> LeasedRuns.acquire(runs, "w", Instant.EPOCH));
      var writing = CompletableFuture.supplyAsync(() -> database.write(sql -> insert(sql, "lost")));
      assertThatThrownBy(() -> taking.get(50, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StoreException.class);
      assertThatThrownBy(() -> writing.get(50, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StoreException.class);
      assertThatThrownBy(database::probe).isInstanceOf(StoreException.class);

      relay.recover();
      untilItWorks(database::probe);
      assertThat(LeasedRuns.acquire(runs, "w", Instant.EPOCH)).isEmpty();
      assertThat(database.<Integer>write(sql -> insert(sql, "kept"))).isOne();
      assertThat(count(database, "kept")).isOne();
    }
  }

  private static EmbeddedPostgres server(Path data) throws IOException {
    EmbeddedPostgres server = EmbeddedPostgres.builder().setDataDirectory(data).start();
    Database.open(server.getJdbcUrl("postgres", "postgres"), NOBODY).close();
    return server;
  }

  /** As a primary does that was told to step down. */
  private static void makeReadOnly(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("alter system set default_transaction_read_only = on");
      statement.execute("select pg_reload_conf()");
    }
  }

  @Test
  void a_primary_that_stepped_down_is_left_for_the_new_one(@TempDir Path folder) throws Exception {
    try (EmbeddedPostgres old = server(folder.resolve("old"));
        EmbeddedPostgres next = server(folder.resolve("next"));
        Relay relay = new Relay(old.getPort());
        Database database =
            Database.open(relay.through(old.getJdbcUrl("postgres", "postgres")), NOBODY)) {
      assertThat(database.<Integer>write(sql -> insert(sql, "at the old one"))).isOne();
      relay.leadTo(next.getPort());
      makeReadOnly(old);

      // Who is connected still meets the old one, until it says that it takes no more
      untilItWorks(
          () -> assertThat(database.<Integer>write(sql -> insert(sql, "at the new one"))).isOne());
      while (count(database, "at the old one") > 0) {
        int _ = database.write(sql -> sql.update("update stored_value set value = 'once more'"));
      }
      assertThat(count(database, "at the new one")).isOne();
      database.probe();
    }
  }
}
