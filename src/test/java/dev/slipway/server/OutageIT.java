package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.Relay;
import dev.slipway.store.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL goes away while a deploy runs, and comes back: everything goes on by itself. */
class OutageIT {
  @TempDir Path folder;

  private static void admin(String url, String... statements) {
    String database = url.replaceAll("/slipway\\d+", "/postgres");
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_database_that_was_away_loses_nothing_and_starts_nothing_twice() throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    String name = url.replaceAll(".*/(slipway\\d+).*", "$1");
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("SLIPWAY_DATABASE_URL", url)
            .set(
                "DEPLOY_CMD",
                "echo ran >> %s/ran; while [ ! -e %s/go ]; do sleep 0.1; done; echo done"
                    .formatted(folder, folder))
            .start()) {
      assertThat(world.deliver(SlipwayServer.event()).statusCode()).isEqualTo(202);
      Await.until(() -> "not started", () -> Files.exists(folder.resolve("ran")));

      admin(
          url,
          "alter database " + name + " allow_connections false",
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
      String staging = SlipwayServer.event(43, "staging", SlipwayServer.SHA);
      assertThat(world.deliver(staging).statusCode()).isEqualTo(503);
      assertThat(world.get(world.at("/health/readiness")).statusCode()).isEqualTo(503);
      assertThat(world.get(world.at("/health/liveness")).statusCode()).isEqualTo(200);
      Files.createFile(folder.resolve("go"));
      admin(url, "alter database " + name + " allow_connections true");

      Await.until(() -> "503", () -> world.deliver(staging).statusCode() == 202);
      assertThat(world.awaitEnd(42))
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(world.awaitEnd(43))
          .extracting(SlipwayServer.Posted::state)
          .containsExactly("in_progress", "success");
      assertThat(Files.readAllLines(folder.resolve("ran"))).hasSize(2);
      assertThat(world.get(world.at("/health/readiness")).body()).contains("\"UP\"");
    }
  }

  @Test
  void a_network_that_falls_silent_holds_nobody_for_ever_and_starts_nothing_twice()
      throws Exception {
    String url = TestDatabases.POSTGRESQL.url();
    try (Relay relay = new Relay(Relay.port(url));
        SlipwayServer world =
            new SlipwayServer(folder)
                .set("SLIPWAY_DATABASE_URL", relay.through(url) + "&socketTimeout=3")
                .set(
                    "DEPLOY_CMD",
                    "echo ran >> %s/ran; while [ ! -e %s/go ]; do sleep 0.1; done; echo done"
                        .formatted(folder, folder))
                .set("SLIPWAY_ENVIRONMENTS", "*")
                .set("SLIPWAY_QUEUE_KEY", "environment")
                .start()) {
      assertThat(world.deliver(SlipwayServer.event()).statusCode()).isEqualTo(202);
      Await.until(() -> "not started", () -> Files.exists(folder.resolve("ran")));

      relay.fallSilent();
      String staging = SlipwayServer.event(43, "staging", SlipwayServer.SHA);
      assertThat(world.deliver(staging).statusCode()).isEqualTo(503);
      assertThat(world.get(world.at("/health/readiness")).statusCode()).isEqualTo(503);
      assertThat(world.get(world.at("/health/liveness")).statusCode()).isEqualTo(200);
      Files.createFile(folder.resolve("go"));
      relay.recover();

      Await.until(() -> "503", () -> world.deliver(staging).statusCode() == 202);
      assertThat(world.awaitEnd(42))
          .last()
          .extracting(SlipwayServer.Posted::state)
          .isEqualTo("success");
      assertThat(world.awaitEnd(43))
          .last()
          .extracting(SlipwayServer.Posted::state)
          .isEqualTo("success");
      assertThat(Files.readAllLines(folder.resolve("ran"))).hasSize(2);
      Await.until(
          () -> "not ready",
          () -> world.get(world.at("/health/readiness")).body().contains("\"UP\""));
    }
  }
}
