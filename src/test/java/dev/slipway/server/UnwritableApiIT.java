package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.store.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acts of the API while the database can be read and does not take a write. */
class UnwritableApiIT {
  @TempDir Path folder;

  private static void change(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 10000");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String post(SlipwayServer world, String path, String body) {
    HttpResponse<String> answer =
        world.send(
            HttpRequest.newBuilder(world.at("/api/" + path))
                .header("Authorization", "Bearer api-token-of-the-test")
                .header("Idempotency-Key", "friday")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    assertThat(answer.body()).doesNotContain("no space");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    return answer.statusCode() + " " + answer.headers().firstValue("Content-Type").orElse("");
  }

  @Test
  void what_cannot_be_kept_is_answered_503_as_a_problem() {
    String url = TestDatabases.SQLITE.url();
    try (SlipwayServer world =
        new SlipwayServer(folder)
            .set("SLIPWAY_DATABASE_URL", url)
            .set("DEPLOY_CMD", "true")
            .start()) {
      world.deliver(SlipwayServer.event(42, "production", "0".repeat(40)));
      world.awaitEnd(42);
      world.deliver(SlipwayServer.event(43, "production", SlipwayServer.SHA));
      world.awaitEnd(43);
      for (String table : new String[] {"github_order", "environment_lock", "delivery"}) {
        change(
            url,
            "create trigger broken_%s before insert on %s begin select raise(abort, 'no space'); end"
                .formatted(table, table));
      }

      assertThat(post(world, "rollback", "{\"repository\":\"octo-org/hello-world\"}"))
          .isEqualTo("503 application/problem+json");
      assertThat(
              post(
                  world,
                  "locks",
                  "{\"repository\":\"octo-org/hello-world\",\"reason\":\"migration\"}"))
          .isEqualTo("503 application/problem+json");
      assertThat(
              post(
                  world,
                  "deploy_application",
                  "{\"repository\":\"octo-org/hello-world\",\"sha\":\""
                      + SlipwayServer.SHA
                      + "\"}"))
          .isEqualTo("503 application/problem+json");
    }
  }
}
