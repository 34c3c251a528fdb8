package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database that does not take a write: no 2xx, and nothing half kept. */
class UnwritableIT {
  @TempDir static Path folder;
  private static CountedDeploys gate;

  @BeforeAll
  static void open() {
    gate = new CountedDeploys(folder);
  }

  @AfterAll
  static void nothingElseRan() {
    try (CountedDeploys last = gate) {
      last.ranExactlyWhatItAccepted();
    }
  }

  private static void change(String sql) {
    try (Connection connection = DriverManager.getConnection(gate.database());
        Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 10000");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Each step of the one transaction fails in its turn, by a trigger that says so. */
  @ParameterizedTest
  @CsvSource({"queue", "deployment", "run", "status", "delivery"})
  void what_cannot_be_kept_is_answered_503_and_works_when_it_comes_again(String table) {
    gate.ranExactlyWhatItAccepted();
    RawDelivery parcel = RawDelivery.of(gate.fresh());
    change(
        "create trigger broken before insert on %s begin select raise(abort, 'no space'); end"
            .formatted(table));
    CountedDeploys.Kept before;
    try {
      before = gate.kept();
      RawDelivery.Reply reply = gate.send(parcel);
      assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
      assertThat(reply.body()).contains("\"error\":\"store\"", "redeliver");
      assertThat(reply.has("\r\nRetry-After: ")).isTrue();
      assertThat(reply.has("Cache-Control: no-store")).isTrue();
      CountedDeploys.assertTellsNothing(reply.body());
      assertThat(reply.body()).doesNotContain("no space", "trigger", table + " ");
      assertThat(gate.kept()).isEqualTo(before);
    } finally {
      change("drop trigger broken");
    }
    gate.accepts(parcel);
    assertThat(gate.kept())
        .isEqualTo(
            new CountedDeploys.Kept(
                before.deliveries() + 1, before.deployments() + 1, before.runs() + 1));
    gate.decides(parcel, 202, "duplicate");
    gate.takesAGenuineOne();
  }
}
